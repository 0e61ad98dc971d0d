"""What would change a decision: the same facts scored again with one thing changed. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from assess.policy import FlowPolicy, Policy
from assess.scoring import score
from assess.suppositions import Supposition, list_suppositions, suppose, with_amount
from assess.types import Facts, FiredSignal, Language, Outcome
from core.money import MAX_AMOUNT_MINOR
from transactions.types import Decision, Flow

REACH = 1000
"""Amounts are tried up to so many times more, and down to so many times less."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One thing supposed, and what would be decided then."""

    supposition: Supposition
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Removal:
    """A signal that fired, and what would be decided had it not."""

    signal: FiredSignal
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Turn:
    """The amount, nearest to the payment's own, from which on another decision is taken."""

    amount_minor: int
    outcome: Outcome


def list_what_ifs(*, facts: Facts, policy: Policy, language: Language) -> list[WhatIf]:
    """Return what each supposition that changes the facts would lead to."""
    changed = [(each, suppose(each, facts)) for each in list_suppositions(flow=facts.payment.flow)]
    return [
        WhatIf(each, score(facts=found, policy=policy, language=language)) for each, found in changed if found != facts
    ]


def list_removals(*, outcome: Outcome, facts: Facts, policy: Policy, language: Language) -> list[Removal]:
    """Return each signal that fired with what would be decided without it, the lightest first."""
    flow = facts.payment.flow
    removals = [
        Removal(signal, score(facts=facts, policy=without(policy, flow, signal.code), language=language))
        for signal in outcome.signals
    ]
    return sorted(removals, key=lambda removal: abs(removal.signal.weight))


def without(policy: Policy, flow: Flow, code: str) -> Policy:
    """Return the policy as if it knew no such signal or rule, also one that an organization may not turn off."""
    part: FlowPolicy = policy.of(flow)
    silenced = msgspec.structs.replace(part, disabled=part.disabled | {code})
    rules = tuple(rule for rule in policy.rules if rule.code != code)
    if flow is Flow.PAYIN:
        return msgspec.structs.replace(policy, payin=silenced, rules=rules)
    return msgspec.structs.replace(policy, payout=silenced, rules=rules)


def find_turns(*, facts: Facts, policy: Policy, language: Language) -> list[Turn]:
    """Return the nearest amount below and the nearest above at which the decision is another, where there are any.

    Amounts are tried in steps of 5 %, narrower than any band that a signal knows by default, and the step in which the
    decision turns is halved until it is one minor unit wide. The decision need not stay the same beyond.
    """

    def judge(amount: int) -> Outcome:
        return score(facts=with_amount(facts, amount), policy=policy, language=language)

    own = facts.payment.amount_minor
    lowest, highest = own // REACH, min(max(own, 1) * REACH, MAX_AMOUNT_MINOR)
    turns = [
        _find_turn(own, lowest, _step_down, judge),
        _find_turn(own, highest, _step_up, judge),
    ]
    return [turn for turn in turns if turn is not None]


def _find_turn(own: int, last: int, step: Callable[[int], int], judge: Callable[[int], Outcome]) -> Turn | None:
    stays, decision = own, judge(own).decision
    while stays != last:
        tried = min(step(stays), last) if last > own else max(step(stays), last)
        if judge(tried).decision is not decision:
            return _narrow(stays, tried, decision, judge)
        stays = tried
    return None


def _narrow(stays: int, turned: int, decision: Decision, judge: Callable[[int], Outcome]) -> Turn:
    """Return the amount next to one that keeps the decision, at which it is another."""
    while abs(turned - stays) > 1:
        middle = (stays + turned) // 2
        if judge(middle).decision is decision:
            stays = middle
        else:
            turned = middle
    return Turn(turned, judge(turned))


def _step_up(amount: int) -> int:
    return max(amount + 1, amount * 21 // 20)


def _step_down(amount: int) -> int:
    return min(amount - 1, amount * 20 // 21)
