"""Asks a rule, before it is anything, what it would have met and changed."""

from datetime import datetime, timedelta

import msgspec

from assess.conditions.field import Scored
from assess.custom_rules import PolicyRule, ReadyRules, RuleAction, RuleFlow, RuleStage
from assess.policies import load_policy
from assess.policy import Policy
from assess.rule_queries import RuleFacts
from assess.rule_trial import Trial, try_rule
from assess.services.rules import check_rule, make_policy_rule
from assess.stored import StoredDecision, list_newest
from assess.types import NewRule
from core.actor import Actor
from core.clock import read_monotonic_ms

PERIOD = timedelta(days=30)
SAMPLE = 1_000
"""The newest payments of the period; each is scored twice, a third of a millisecond in all."""
MEASURED = 100
"""So many of the newest payments tell what a rule costs: some milliseconds of a page."""
_NEW = "00000000"


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """The trial, since when its payments are, whether there were more than were asked, and what an asking costs."""

    trial: Trial
    since: datetime | None
    is_sample: bool
    cost_us: float | None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The microseconds that a rule alone takes of a payment, of how many, and of how many it could not be said."""

    microseconds: float
    payments: int
    unknown: int


def try_new_rule(*, actor: Actor, rule: NewRule, code: str | None, now: datetime) -> Tried:
    """Return what the rule would do as an active one, under the policy in force; `code` is of one that exists.

    Nothing is written. Raises ValidationFailed, ConditionInvalid.
    """
    wanted = _make_rule(rule, code or _NEW)
    policy = load_policy(**actor.scope)
    stored = list_newest(**actor.scope, since=now - PERIOD, limit=SAMPLE)
    after = _with_rule(policy, wanted)
    trial = try_rule(stored=stored, before=policy, after=after, code=wanted.id)
    return Tried(
        trial=trial,
        since=stored[-1].facts.at if stored else None,
        is_sample=len(stored) == SAMPLE,
        cost_us=cost.microseconds if (cost := _measure(stored, wanted)) else None,
    )


def measure_rule(*, actor: Actor, rule: RuleFacts, now: datetime) -> Measured | None:
    """Return what the rule as it is written now takes of the newest payments, None when none is of its flow."""
    stored = list_newest(**actor.scope, since=now - PERIOD, limit=MEASURED)
    return _measure(stored, make_policy_rule(rule, RuleStage.ACTIVE))


def _make_rule(rule: NewRule, code: str) -> PolicyRule:
    fields = check_rule(rule)
    return PolicyRule(
        id=code,
        name=fields["name"],
        revision=1,
        flow=RuleFlow(fields["flow"]),
        condition=fields["condition"],
        action=RuleAction(fields["action"]),
        stage=RuleStage.ACTIVE,
        weight=fields["weight"],
    )


def _with_rule(policy: Policy, wanted: PolicyRule) -> Policy:
    rules = [wanted if rule.id == wanted.id else rule for rule in policy.rules]
    return msgspec.structs.replace(policy, rules=tuple(rules if wanted in rules else [*rules, wanted]))


def _measure(stored: list[StoredDecision], wanted: PolicyRule) -> Measured | None:
    asked = [each.facts for each in stored if each.facts.payment.flow in wanted.flow.flows]
    if not asked:
        return None
    ready = {flow: ReadyRules([wanted], flow) for flow in wanted.flow.flows}
    start = read_monotonic_ms()
    judged = [ready[facts.payment.flow].judge(facts, Scored()) for facts in asked]
    taken = read_monotonic_ms() - start
    return Measured(
        microseconds=1_000 * taken / len(asked),
        payments=len(asked),
        unknown=sum(not mark.is_met for each in judged for mark in each.marks),
    )
