"""An amount far above what is usual (contract §7): the robust z-score of Iglewicz and Hoaglin (1993), high side only.

z = 0.6745 x (amount - median) / MAD, in integers throughout: the statistics come doubled, and the scale is held a
hundredfold, so that a percentage of the median is exact too.
"""

from assess.signals.base import BOTH, Count, Parameters, Percent, Signal
from assess.types import AmountStatistics, Facts, Finding, Language, Lookup, Money

_TEN_THOUSANDTHS = 6745  # the 0.75 quantile of the standard normal distribution, in ten-thousandths


class AmountOutlierParameters(Parameters, frozen=True):
    """`z_score`: the greatest that is usual. The MAD counts as at least `mad_floor_percent` of the median.

    Below `minimum_recent` amounts of the identity, the organization's snapshot is taken, from `minimum_snapshot` on.
    """

    z_score: Count = 6
    mad_floor_percent: Percent = 5
    minimum_recent: Count = 8
    minimum_snapshot: Count = 50


def evaluate(facts: Facts, parameters: AmountOutlierParameters) -> Finding | None:
    """Fire with the median and the score."""
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


def _choose_statistics(facts: Facts, parameters: AmountOutlierParameters) -> AmountStatistics | None:
    recent, snapshot = facts.recent_amounts, facts.organization_amounts
    if recent and recent.events >= parameters.minimum_recent:
        return recent
    return snapshot if snapshot and snapshot.events >= parameters.minimum_snapshot else None


SIGNAL = Signal(
    code="amount_outlier",
    flows=BOTH,
    default_weight=20,
    meaning={
        Language.ENGLISH: "The amount is far above the usual of this identity, or else of the organization",
        Language.SPANISH: "El monto está muy por encima de lo habitual de esta identidad o, si no, de la organización",
    },
    descriptions={
        Language.ENGLISH: "The amount is far above the median of {median} (robust z {score})",
        Language.SPANISH: "El monto está muy por encima de la mediana de {median} (z robusta {score})",
    },
    parameters=AmountOutlierParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.AMOUNTS}),
)
