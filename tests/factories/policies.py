"""Policies and rules for tests."""

from typing import Any

from accounts.models import Membership
from assess.custom_rules import RuleStage
from assess.impact import Impact
from assess.models import Rule
from assess.policies import load_policy
from assess.policy import Policy, encode_policy
from assess.rule_queries import read_facts
from assess.services.publish_policy import publish_policy
from assess.services.rules import add_rule, make_staged_document
from assess.types import NewRule
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from tests.factories.accounts import make_actor

NO_IMPACT = Impact(payments=100, changed=0, moves={})
GREAT_IMPACT = Impact(payments=100, changed=40, moves={"approve>review": 40})


def make_new_rule(**fields: Any) -> NewRule:
    given: dict[str, Any] = {
        "name": "Importe alto",
        "flow": "payout",
        "condition": "payment.amount > 100",
        "action": "score",
        "weight": 35,
    } | fields
    return NewRule(**given)


def make_rule_row(member: Membership, **fields: Any) -> Rule:
    with unit_of_work():
        return add_rule(actor=make_actor(member), rule=make_new_rule(**fields), now=read_clock())


def current_policy(member: Membership) -> Policy:
    actor = make_actor(member)
    with unit_of_work():
        return load_policy(**actor.scope)


def publish_document(member: Membership, document: object) -> Policy:
    version = current_policy(member).version
    with unit_of_work():
        return publish_policy(
            actor=make_actor(member), document=document, base_version=version, reason="prueba", now=read_clock()
        )


def publish_change(member: Membership, flow: str, part: str, **values: Any) -> Policy:
    """Publish the policy in force with a part of one flow changed."""
    document = encode_policy(current_policy(member))
    document[flow][part] = document[flow][part] | values
    return publish_document(member, document)


def publish_rule(member: Membership, row: Rule, stage: RuleStage | None = RuleStage.ACTIVE) -> Policy:
    row.refresh_from_db()
    document = make_staged_document(policy=current_policy(member), rule=read_facts(row), stage=stage)
    return publish_document(member, document)
