"""How well a number orders frauds before good payments, whatever the threshold."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Scored(NamedTuple):
    """A labelled payment with the number that orders it, and what it may be compared within."""

    value: float
    is_fraud: bool
    stratum: tuple[str, int] = ("", 0)


class _Counts(NamedTuple):
    """Frauds and good payments that share one value."""

    frauds: int
    good: int


def measure_auc(payments: Iterable[Scored]) -> float | None:
    """Return the chance that a fraud stands above a good payment of its stratum, a tie counting half.

    It is over all pairs of a fraud and a good payment within one stratum; None when there is no such pair. With one
    stratum for all it is the area under the ROC curve.
    """
    won, pairs = 0.0, 0
    for counts in _count_by_stratum(payments):
        below = 0
        for frauds, good in counts:
            won += frauds * (below + good / 2)
            below += good
        pairs += below * sum(frauds for frauds, _ in counts)
    return round(won / pairs, 4) if pairs else None


def measure_average_precision(payments: Iterable[Scored]) -> float | None:
    """Return the precision at every threshold, weighted by the frauds that it adds; None without frauds.

    Payments of one value are above a threshold together. A number that tells nothing gets the share of frauds.
    """
    counts = _count([(payment.value, payment.is_fraud) for payment in payments])
    caught, flagged, area = 0, 0, 0.0
    for frauds, good in reversed(counts):
        caught += frauds
        flagged += frauds + good
        area += frauds * caught / flagged
    return round(area / caught, 4) if caught else None


def _count_by_stratum(payments: Iterable[Scored]) -> list[list[_Counts]]:
    strata: defaultdict[tuple[str, int], list[tuple[float, bool]]] = defaultdict(list)
    for payment in payments:
        strata[payment.stratum].append((payment.value, payment.is_fraud))
    return [_count(values) for values in strata.values()]


def _count(values: Sequence[tuple[float, bool]]) -> list[_Counts]:
    """Return the counts of each value that occurs, in ascending order."""
    frauds: defaultdict[float, int] = defaultdict(int)
    good: defaultdict[float, int] = defaultdict(int)
    for value, is_fraud in values:
        (frauds if is_fraud else good)[value] += 1
    return [_Counts(frauds[value], good[value]) for value in sorted({*frauds, *good})]
