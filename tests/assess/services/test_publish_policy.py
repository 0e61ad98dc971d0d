"""Another version of the policy comes into force, whole or not at all."""

from typing import Any

import psycopg
import pytest

from accounts.models import Membership
from accounts.types import Role
from assess.models import AssessmentPolicy, Rule
from assess.policy import PolicyInvalid, encode_policy
from assess.services.publish_policy import (
    MAXIMUM_REASON_LENGTH,
    NothingToPublish,
    PolicyMoved,
    RulesUnknown,
    check_publication,
    publish_policy,
)
from core.clock import read_clock
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.assess.test_custom_rules import make_rule
from tests.factories.accounts import make_actor, make_member, make_organization
from tests.factories.policies import current_policy, make_rule_row, publish_change, publish_rule
from tests.web import database_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization(), role=Role.ADMIN)


def publish(member: Membership, document: object, *, base: int = 1, reason: str = "más estricto", **fields: Any) -> Any:
    with unit_of_work():
        return publish_policy(
            actor=make_actor(member), document=document, base_version=base, reason=reason, now=read_clock(), **fields
        )


def make_stricter(member: Membership) -> dict[str, Any]:
    document = encode_policy(current_policy(member))
    document["payout"]["bands"]["review"] = 20
    return document


def with_rules(member: Membership, *codes: str, **fields: Any) -> dict[str, Any]:
    return encode_policy(current_policy(member)) | {"rules": [make_rule(code, **fields) for code in codes]}


def test_the_next_version_is_in_force_and_told_with_before_and_after(admin: Membership) -> None:
    other = make_member(organization=admin.organization)
    policy = publish(admin, make_stricter(admin), approved_by=other.user_id)
    assert (policy.version, policy.payout.bands.review) == (2, 20)
    assert current_policy(admin) == policy
    row = AssessmentPolicy.unscoped.get(version=2)
    assert (row.reason, row.published_by_id, row.approved_by_id) == ("más estricto", admin.user_id, other.user_id)
    event = Event.unscoped.get(kind="policy.published")
    assert event.payload == {
        "version": 2,
        "approved_by": str(other.user_id),
        "before": {"payout.bands.review": 30},
        "after": {"payout.bands.review": 20},
    }
    assert EventPersonalData.unscoped.get(event_id=event.id).data == {"reason": "más estricto"}


def test_what_a_rule_says_is_kept_where_it_can_be_erased(admin: Membership) -> None:
    row = make_rule_row(admin, condition="beneficiary.clabe == '646180111800000004'", name="La de Ana")
    publish(admin, with_rules(admin, row.code, condition=row.condition, name=row.name))
    event = Event.unscoped.get(kind="policy.published")
    assert event.payload == {"version": 2, "approved_by": None}
    data = EventPersonalData.unscoped.get(event_id=event.id).data
    assert data["after"][f"rules.{row.code}"]["condition"] == "beneficiary.clabe == '646180111800000004'"


@pytest.mark.parametrize("reason", ["", "   ", "x" * (MAXIMUM_REASON_LENGTH + 1), "a\x00b"])
def test_without_a_reason_nothing_is_published(admin: Membership, reason: str) -> None:
    with pytest.raises(ValidationFailed):
        publish(admin, make_stricter(admin), reason=reason)
    assert current_policy(admin).version == 1
    assert not Event.unscoped.filter(kind="policy.published").exists()


def test_a_policy_that_stands_on_an_older_one_is_refused(admin: Membership) -> None:
    document = make_stricter(admin)
    publish_change(admin, "payin", "bands", review=25)
    with pytest.raises(PolicyMoved) as refusal:
        publish(admin, document)
    assert refusal.value.details == {"version": 2}
    assert current_policy(admin).payout.bands.review == 30


def test_the_policy_in_force_is_not_published_again(admin: Membership) -> None:
    with pytest.raises(NothingToPublish):
        publish(admin, encode_policy(current_policy(admin)))
    assert AssessmentPolicy.unscoped.count() == 1


def test_a_document_that_is_no_policy_is_refused(admin: Membership) -> None:
    with pytest.raises(PolicyInvalid):
        publish(admin, make_stricter(admin) | {"payin": {}})
    assert AssessmentPolicy.unscoped.count() == 1


def test_rules_that_nobody_could_see_are_refused(admin: Membership) -> None:
    stranger = make_member(organization=make_organization())
    ours, theirs = make_rule_row(admin), make_rule_row(stranger)
    with pytest.raises(RulesUnknown) as refusal:
        publish(admin, with_rules(admin, ours.code, theirs.code, "0000000a"))
    said: Any = refusal.value.details["fields"]
    assert said == {"rules": [f"must be rules that there are, and these are not: {theirs.code}, 0000000a"]}
    assert AssessmentPolicy.unscoped.filter(organization=admin.organization).count() == 1
    assert (Rule.unscoped.get(id=ours.id).state, Event.unscoped.filter(kind="policy.published").count()) == ("draft", 0)


def test_a_version_whose_rule_is_gone_does_not_come_back(admin: Membership) -> None:
    row = make_rule_row(admin)
    document = encode_policy(publish_rule(admin, row))
    publish_rule(admin, row, None)
    assert publish(admin, document, base=3).version == 4
    publish_rule(admin, row, None)
    Rule.unscoped.all().delete()
    with pytest.raises(RulesUnknown):
        publish(admin, document, base=5)
    assert (current_policy(admin).version, current_policy(admin).rules) == (5, ())


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_is_being_published_is_not_deleted_meanwhile_but_may_be_rewritten() -> None:
    admin = make_member(organization=make_organization(), role=Role.ADMIN)
    row = make_rule_row(admin)
    document = with_rules(admin, row.code)
    with unit_of_work(), psycopg.connect(database_url()) as other:
        check_publication(actor=make_actor(admin), document=document, base_version=1)
        other.execute("SELECT FROM assess_rule WHERE id = %s FOR NO KEY UPDATE NOWAIT", [row.id])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("SELECT FROM assess_rule WHERE id = %s FOR UPDATE NOWAIT", [row.id])
    assert Rule.unscoped.get().id == row.id


def test_another_organizations_policy_stays_as_it_is(admin: Membership) -> None:
    stranger = make_member(organization=make_organization())
    publish(admin, make_stricter(admin))
    assert current_policy(stranger).payout.bands.review == 30
    assert current_policy(stranger).version == 1


def test_a_published_version_is_never_changed(admin: Membership) -> None:
    publish(admin, make_stricter(admin))
    with pytest.raises(Exception, match="never changed"):
        AssessmentPolicy.unscoped.filter(version=2).update(reason="otra")
