"""How far an amount is above what is usual: the robust z-score of Iglewicz and Hoaglin (1993), high side only.

z = 0.6745 x (amount - median) / MAD, in integers throughout: the statistics come doubled, and the scale is held a
hundredfold, so that a percentage of the median is exact too.
"""

from assess.signals.base import Count, Parameters, Percent
from assess.types import AmountStatistics, Facts, Finding, Money

_TEN_THOUSANDTHS = 6745  # the 0.75 quantile of the standard normal distribution, in ten-thousandths


class UnusualAmountParameters(Parameters, frozen=True):
    """`z_score`: the greatest that is usual. The MAD counts as at least `mad_floor_percent` of the median.

    Below `minimum_recent` amounts of the identity, the organization's snapshot is taken, from `minimum_snapshot` on.
    """

    z_score: Count = 6
    mad_floor_percent: Percent = 5
    minimum_recent: Count = 8
    minimum_snapshot: Count = 50


def find_unusual_amount(facts: Facts, parameters: UnusualAmountParameters) -> Finding | None:
    """Return the median and the score of an amount that exceeds what is usual, else None."""
    usual = _choose_statistics(facts, parameters)
    if usual is None:
        return None
    deviation_doubled = 2 * facts.payment.amount_minor - usual.median_doubled
    scale = max(100 * usual.mad_doubled, parameters.mad_floor_percent * usual.median_doubled)
    if scale <= 0 or _TEN_THOUSANDTHS * deviation_doubled <= 100 * parameters.z_score * scale:
        return None
    tenths = _TEN_THOUSANDTHS * deviation_doubled // (10 * scale)
    median = Money(usual.median_doubled // 2, facts.payment.currency)
    return Finding(values={"median": median, "score": f"{tenths // 10}.{tenths % 10}"})


def _choose_statistics(facts: Facts, parameters: UnusualAmountParameters) -> AmountStatistics | None:
    recent, snapshot = facts.recent_amounts, facts.organization_amounts
    if recent and recent.events >= parameters.minimum_recent:
        return recent
    return snapshot if snapshot and snapshot.events >= parameters.minimum_snapshot else None
