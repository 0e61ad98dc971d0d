"""Score: facts and a policy in, an outcome out. Pure, so that any decision can be taken again, bit for bit."""

from dataclasses import dataclass

import msgspec

from accounts.types import FailPolicy
from assess.conditions.field import Scored
from assess.custom_rules import NOTHING, Judged, RuleFinding
from assess.policy import ActiveSignal, Bands, FlowPolicy, Policy
from assess.types import Facts, Finding, FiredSignal, Language, Outcome
from blocklists.types import ListType
from transactions.types import Decision

MAXIMUM_SCORE = 100
_BLOCK_ORDER = {f"blocklist:{list_type}": place for place, list_type in enumerate(ListType)} | {
    "amount_limit": len(ListType)
}
_RULES_PLACE = len(_BLOCK_ORDER)


class SignalDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one signal between two outcomes; a weight of None is a signal that did not fire."""

    code: str
    weight_before: int | None
    weight_after: int | None
    change: int


@dataclass(frozen=True, slots=True)
class _Fired:
    """A signal or a rule that fired, and what it does."""

    shown: FiredSignal
    floor: Decision | None
    blocks: str | None


def score(*, facts: Facts, policy: Policy, language: Language) -> Outcome:
    """Decide a payment from what was gathered about it (contract §7).

    The score is the sum of the weights of what fired, 0 to 100. A hard block makes it 100 and a decline; a floor lifts
    the decision, never the score; under `fail_closed` so does a look-up that failed and kept a signal silent. Custom
    rules are asked last, and of what the signals found too.
    """
    part = policy.of(facts.payment.flow)
    signals = _fire_signals(facts, part)
    judged = _judge_rules(facts, policy, signals)
    fired = [_show(active, finding, language) for active, finding in signals]
    fired += [_show_rule(finding) for finding in judged.findings]
    # A stable sort: equal weights keep the catalog's order, and rules theirs after it.
    fired.sort(key=_weigh_fired, reverse=True)
    blocks = [each.blocks for each in fired if each.blocks]
    total = MAXIMUM_SCORE if blocks else _clamp(sum(map(_weigh_fired, fired)))
    floors = {each.floor for each in fired if each.floor}
    if facts.failed_lookups and facts.fail_policy is FailPolicy.CLOSED and list_unjudged(facts=facts, policy=policy):
        floors.add(Decision.REVIEW)
    return Outcome(
        decision=Decision.DECLINE if blocks else max((_reach(total, part.bands), *floors), key=_severity),
        risk_score=total,
        signals=tuple(each.shown for each in fired),
        blocked_by=min(blocks, key=_block_place) if blocks else None,
        rules=judged.marks,
    )


def list_unjudged(*, facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Return the codes of the signals that a failed look-up kept silent, in the catalog's order, then of such rules."""
    if not facts.failed_lookups:
        return ()
    part = policy.of(facts.payment.flow)
    silent = tuple(
        active.signal.code
        for active in part.active
        if not active.signal.needs.isdisjoint(facts.failed_lookups) and _judge(active, facts) is None
    )
    return silent + _judge_rules(facts, policy, _fire_signals(facts, part)).unjudged


def score_signals(*, facts: Facts, policy: Policy) -> Scored:
    """Return what custom rules see of the signals under the policy."""
    return _sum_signals(_fire_signals(facts, policy.of(facts.payment.flow)))


def _fire_signals(facts: Facts, part: FlowPolicy) -> list[tuple[ActiveSignal, Finding]]:
    return [(active, finding) for active in part.active if (finding := _judge(active, facts)) is not None]


def _judge_rules(facts: Facts, policy: Policy, signals: list[tuple[ActiveSignal, Finding]]) -> Judged:
    if not policy.rules:
        return NOTHING
    return policy.ready_rules[facts.payment.flow].judge(facts, _sum_signals(signals))


def _sum_signals(signals: list[tuple[ActiveSignal, Finding]]) -> Scored:
    is_blocked = any(finding.blocks for _, finding in signals)
    total = MAXIMUM_SCORE if is_blocked else _clamp(sum(map(_weigh, signals)))
    return Scored(fired=tuple(active.signal.code for active, _ in signals), total=total)


def _clamp(total: int) -> int:
    return min(max(total, 0), MAXIMUM_SCORE)


def explain_difference(before: Outcome, after: Outcome) -> list[SignalDifference]:
    """Return every signal of either outcome with both its weights: greatest change first, then in the order shown."""
    old = {signal.code: signal.weight for signal in before.signals}
    new = {signal.code: signal.weight for signal in after.signals}
    differences = [
        SignalDifference(
            code=code,
            weight_before=old.get(code),
            weight_after=new.get(code),
            change=new.get(code, 0) - old.get(code, 0),
        )
        for code in old | new
    ]
    return sorted(differences, key=lambda difference: -abs(difference.change))


def _judge(active: ActiveSignal, facts: Facts) -> Finding | None:
    """Return what the signal finds; silence when a look-up failed that it cannot do without."""
    signal = active.signal
    if facts.failed_lookups and not signal.judges_without_needs and not signal.needs.isdisjoint(facts.failed_lookups):
        return None
    return signal.evaluate(facts, active.parameters)


def _weigh(fired: tuple[ActiveSignal, Finding]) -> int:
    active, finding = fired
    return active.weight if finding.weight is None else finding.weight


def _show(active: ActiveSignal, finding: Finding, language: Language) -> _Fired:
    shown = FiredSignal(
        code=active.signal.code,
        weight=_weigh((active, finding)),
        description=active.signal.describe(finding, language),
    )
    return _Fired(shown, finding.floor, finding.blocks)


def _show_rule(finding: RuleFinding) -> _Fired:
    rule = finding.rule
    shown = FiredSignal(code=rule.code, weight=finding.weight, description=rule.name)
    return _Fired(shown, finding.floor, finding.blocks)


def _weigh_fired(fired: _Fired) -> int:
    return fired.shown.weight


def _reach(total: int, bands: Bands) -> Decision:
    """Return the decision whose band the score reaches."""
    if total >= bands.decline:
        return Decision.DECLINE
    if total >= bands.challenge:
        return Decision.CHALLENGE
    return Decision.REVIEW if total >= bands.review else Decision.APPROVE


def _severity(decision: Decision) -> int:
    return decision.severity


def _block_place(block: str) -> int:
    """Return the place in the contract's order: list types as in §9, the amount limit, then rules as they come."""
    return _BLOCK_ORDER.get(block, _RULES_PLACE)
