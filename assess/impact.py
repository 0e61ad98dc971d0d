"""What another policy would have decided of stored payments, counted. Pure."""

from collections.abc import Iterable

import msgspec

from assess.policy import Policy
from assess.scoring import score
from assess.stored import StoredDecision
from assess.types import Language
from transactions.types import Decision


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


def measure_impact(*, stored: Iterable[StoredDecision], before: Policy, after: Policy) -> Impact:
    """Return how the decisions of these payments would differ between two policies."""
    payments, moves = 0, dict[str, int]()
    for each in stored:
        payments += 1
        was, would_be = (_decide(each, policy) for policy in (before, after))
        if was is not would_be:
            name = f"{was}>{would_be}"
            moves[name] = moves.get(name, 0) + 1
    return Impact(payments=payments, changed=sum(moves.values()), moves=moves)


def _decide(stored: StoredDecision, policy: Policy) -> Decision:
    return score(facts=stored.facts, policy=policy, language=Language.ENGLISH).decision
