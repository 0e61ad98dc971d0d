"""What a rule would have met and changed among stored payments. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from assess.policy import Policy
from assess.scoring import score
from assess.stored import StoredDecision
from assess.types import Language, Outcome
from transactions.types import Decision

EXAMPLES = 10


class TrialExample(msgspec.Struct, frozen=True, kw_only=True):
    """One payment that would be decided otherwise; the amount in minor units."""

    transaction_id: str
    amount_minor: int
    currency: str
    before: Decision
    after: Decision
    is_fraudulent: bool | None


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over `payments` of the rule's flows: how many it meets, of how many it cannot be told, what it changes.

    `met_minor` is the money met, by currency in minor units; `fraud`, `legitimate` and `unlabelled` add up to `met`.
    """

    payments: int = 0
    met: int = 0
    unknown: int = 0
    fraud: int = 0
    legitimate: int = 0
    unlabelled: int = 0
    met_minor: dict[str, int] = {}
    moves: dict[str, int] = {}
    examples: tuple[TrialExample, ...] = ()

    @property
    def changed(self) -> int:
        """How many decisions would differ."""
        return sum(self.moves.values())

    @property
    def precision(self) -> float | None:
        """The share of fraud among the labelled payments that it meets, 0 to 100; None without a label."""
        labelled = self.fraud + self.legitimate
        return 100 * self.fraud / labelled if labelled else None


def try_rule(*, stored: Iterable[StoredDecision], before: Policy, after: Policy, code: str) -> Trial:
    """Return what the rule `code` of the policy `after` does to these payments, against the policy `before`."""
    flows = next(rule.flow.flows for rule in after.rules if rule.id == code)
    tried = [_Tried(each, before, after, code) for each in stored if each.facts.payment.flow in flows]
    met = [each for each in tried if each.is_met]
    labels = [each.stored.is_fraudulent for each in met]
    changed = [each for each in tried if each.before is not each.after]
    return Trial(
        payments=len(tried),
        met=len(met),
        unknown=sum(each.is_unknown for each in tried),
        fraud=labels.count(True),
        legitimate=labels.count(False),
        unlabelled=labels.count(None),
        met_minor=_sum_amounts(met),
        moves=_count_moves(changed),
        examples=tuple(_show(each) for each in changed[:EXAMPLES]),
    )


class _Tried:
    """One payment under both policies."""

    def __init__(self, stored: StoredDecision, before: Policy, after: Policy, code: str) -> None:
        outcome = _score(stored, after)
        marks = {mark.is_met for mark in outcome.rules if mark.rule_id == code}
        self.stored = stored
        self.before = _score(stored, before).decision
        self.after = outcome.decision
        self.is_met = True in marks
        self.is_unknown = False in marks


def _score(stored: StoredDecision, policy: Policy) -> Outcome:
    return score(facts=stored.facts, policy=policy, language=Language.ENGLISH)


def _sum_amounts(met: Sequence[_Tried]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in met:
        sums[each.stored.currency] = sums.get(each.stored.currency, 0) + each.stored.amount_minor
    return sums


def _count_moves(changed: Sequence[_Tried]) -> dict[str, int]:
    moves: dict[str, int] = {}
    for each in changed:
        name = f"{each.before}>{each.after}"
        moves[name] = moves.get(name, 0) + 1
    return moves


def _show(tried: _Tried) -> TrialExample:
    return TrialExample(
        transaction_id=str(tried.stored.transaction_id),
        amount_minor=tried.stored.amount_minor,
        currency=tried.stored.currency,
        before=tried.before,
        after=tried.after,
        is_fraudulent=tried.stored.is_fraudulent,
    )
