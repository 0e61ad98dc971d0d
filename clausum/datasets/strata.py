"""Payments of about equal amount, so that a signal can be judged apart from what the amount alone would tell."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MOST_STRATA = 100
LEAST_PAYMENTS = 100


class AmountRank(NamedTuple):
    """Where an amount stands among the `of` amounts of its currency: `below` are smaller, `upto` smaller or equal."""

    currency: str
    below: int
    upto: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1: what orders payments of any currency by their amount, equal amounts alike."""
        return (self.below + self.upto) / (2 * self.of)

    @property
    def stratum(self) -> tuple[str, int]:
        """The currency and the hundredth of its amounts; with fewer than 10,000, as many parts as have 100 each."""
        parts = min(MOST_STRATA, max(1, self.of // LEAST_PAYMENTS))
        return self.currency, self.below * parts // self.of


def rank_amounts(payments: Sequence[tuple[str, int]]) -> list[AmountRank]:
    """Return where each payment (its currency and its amount in minor units) stands, in their order."""
    ordered = _order_by_currency(payments)
    ranks: list[AmountRank] = []
    for currency, amount_minor in payments:
        amounts = ordered[currency]
        below, upto = bisect_left(amounts, amount_minor), bisect_right(amounts, amount_minor)
        ranks.append(AmountRank(currency, below, upto, len(amounts)))
    return ranks


def _order_by_currency(payments: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    ordered: defaultdict[str, list[int]] = defaultdict(list)
    for currency, amount_minor in payments:
        ordered[currency].append(amount_minor)
    for amounts in ordered.values():
        amounts.sort()
    return ordered
