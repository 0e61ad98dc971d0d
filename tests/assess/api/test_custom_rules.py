"""Custom rules on the way of a real payment: what they decide and what is kept of it."""

import pytest

from accounts.models import Organization
from assess.models import Assessment, AssessmentPolicy, RuleHit
from assess.policy import default_policy, encode_policy
from core.environments import Environment
from tests.assess.conftest import Caller, make_caller
from tests.assess.test_custom_rules import make_rule

pytestmark = pytest.mark.django_db


def publish(organization: Organization, *rules: dict[str, object], version: int) -> None:
    AssessmentPolicy.objects.create(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        version=version,
        document=encode_policy(default_policy()) | {"rules": list(rules)},
    )


def list_hits(bank: Caller) -> list[tuple[str, str, bool]]:
    rows = RuleHit.objects.for_organization(bank.organization.id, Environment.SANDBOX).order_by("hit_at", "rule_code")
    return [(str(row.transaction_id), row.rule_code, row.is_shadow) for row in rows]


def test_the_next_call_after_a_publication_obeys_the_rule(bank: Caller) -> None:
    assert bank.payout()["blocked_by"] is None
    publish(bank.organization, make_rule(action="block", name="Importe alto"), version=2)
    found = bank.payout(payment_id="p-2")
    assert (found["decision"], found["risk_score"], found["blocked_by"]) == ("decline", 100, "rule:0000000a")
    assert {"code": "custom_rule:0000000a", "weight": 100, "description": "Importe alto"} in found["signal_details"]
    assert list_hits(bank) == [(found["transaction_id"], "0000000a", False)]
    assert Assessment.unscoped.get(transaction_id=found["transaction_id"]).policy_version == 2


def test_a_rule_in_shadow_is_recorded_and_unseen_in_the_answer(bank: Caller) -> None:
    before = bank.payout()
    publish(bank.organization, make_rule(action="block", stage="shadow"), version=2)
    found = bank.payout(payment_id="p-2")
    assert found["signals"] == [code for code in before["signals"] if code in found["signals"]]
    assert found["decision"] != "decline"
    assert list_hits(bank) == [(found["transaction_id"], "0000000a", True)]


def test_a_rule_that_is_not_met_or_cannot_be_told_leaves_no_hit(bank: Caller) -> None:
    rules = [
        make_rule(condition="payment.amount > 999999999"),
        make_rule("0000000b", condition="metadata.vip == true"),
    ]
    publish(bank.organization, *rules, version=1)
    assert bank.payout()["decision"] != "decline"
    assert list_hits(bank) == []


def test_another_organizations_rules_are_not_asked(bank: Caller) -> None:
    publish(make_caller().organization, make_rule(action="block"), version=1)
    assert bank.payout()["blocked_by"] is None
    assert list_hits(bank) == []
