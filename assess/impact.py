"""What another policy would have decided of stored payments, counted. Pure."""

from collections.abc import Iterable

import msgspec

from assess.policy import Policy
from assess.scoring import score
from assess.stored import StoredDecision
from assess.types import Language
from transactions.types import Decision, Flow


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """How many of `payments` would be decided otherwise: `moves` counts each (before, after) that differs.

    Both sides are scored from the stored facts, so that only the policies differ.
    """

    payments: int
    changed: int
    moves: dict[str, int]

    @property
    def percent(self) -> float:
        """The share of changed decisions, 0 to 100; 0 of none."""
        return 100 * self.changed / self.payments if self.payments else 0.0


class Rescored(msgspec.Struct, frozen=True, kw_only=True):
    """One stored payment under two policies; `score` is the later one's, `is_fraudulent` its label, None without."""

    flow: Flow
    before: Decision
    after: Decision
    score: int
    is_fraudulent: bool | None


def measure_impact(*, stored: Iterable[StoredDecision], before: Policy, after: Policy) -> Impact:
    """Return how the decisions of these payments would differ between two policies."""
    return count_impact(rescore(stored=stored, before=before, after=after))


def rescore(*, stored: Iterable[StoredDecision], before: Policy, after: Policy) -> list[Rescored]:
    """Return each payment's decision under both policies."""
    return [_rescore(each, before, after) for each in stored]


def count_impact(rescored: Iterable[Rescored]) -> Impact:
    """Return how many decisions differ, and which."""
    payments, moves = 0, dict[str, int]()
    for each in rescored:
        payments += 1
        if each.before is not each.after:
            name = f"{each.before}>{each.after}"
            moves[name] = moves.get(name, 0) + 1
    return Impact(payments=payments, changed=sum(moves.values()), moves=moves)


def _rescore(stored: StoredDecision, before: Policy, after: Policy) -> Rescored:
    was, would_be = (score(facts=stored.facts, policy=each, language=Language.ENGLISH) for each in (before, after))
    return Rescored(
        flow=stored.facts.payment.flow,
        before=was.decision,
        after=would_be.decision,
        score=would_be.risk_score,
        is_fraudulent=stored.is_fraudulent,
    )
