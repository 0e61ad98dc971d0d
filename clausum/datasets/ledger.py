"""Every decided payment, kept in columns of some twenty bytes a row, for what can only be judged at the end."""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from clausum.datasets.rows import Truth

_TRUTHS = tuple(Truth)


class Decided(NamedTuple):
    """One decided payment: amount in minor units of its currency, the score from 0 to 100, the signals that fired."""

    truth: Truth
    currency: str
    amount_minor: int
    risk_score: int
    signals: tuple[str, ...]


class Ledger:
    """Decided payments in the order in which they were added."""

    def __init__(self) -> None:
        self._truths = array("B")
        self._currencies = array("H")
        self._amounts = array("q")
        self._scores = array("B")
        self._fired = array("L")
        self._currency_places: dict[str, int] = {}
        self._fired_places: dict[tuple[str, ...], int] = {}

    def __len__(self) -> int:
        return len(self._truths)

    def __iter__(self) -> Iterator[Decided]:
        currencies, fired = list(self._currency_places), list(self._fired_places)
        columns = zip(self._truths, self._currencies, self._amounts, self._scores, self._fired, strict=True)
        for truth, currency, amount_minor, score, signals in columns:
            yield Decided(_TRUTHS[truth], currencies[currency], amount_minor, score, fired[signals])

    def add(self, decided: Decided) -> None:
        """Keep one payment."""
        self._truths.append(_TRUTHS.index(decided.truth))
        self._currencies.append(self._currency_places.setdefault(decided.currency, len(self._currency_places)))
        self._amounts.append(decided.amount_minor)
        self._scores.append(decided.risk_score)
        self._fired.append(self._fired_places.setdefault(decided.signals, len(self._fired_places)))

    def absorb(self, other: "Ledger") -> None:
        """Add what another lane kept."""
        for decided in other:
            self.add(decided)
