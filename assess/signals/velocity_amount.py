"""Too much money of one identity within 24 hours, this payment included (contract §7)."""

from assess.signals.base import BOTH, AmountMinor, Count, Parameters, Signal
from assess.types import Facts, Finding, Language, Lookup, Money
from transactions.types import IdentityHistory


class VelocityAmountParameters(Parameters, frozen=True):
    """`peak_factor` times the greatest daily sum, judged from `minimum_events` on; `limit_minor` by currency: none."""

    peak_factor: Count = 3
    minimum_events: Count = 8
    limit_minor: dict[str, AmountMinor] = {}


def evaluate(facts: Facts, parameters: VelocityAmountParameters) -> Finding | None:
    """Fire with the greatest sum among the identities over what they may move in a day."""
    payment = facts.payment
    exceeded = [
        (history.sum_24h_minor + payment.amount_minor, limit)
        for history in facts.histories
        if (limit := _limit_of(history, payment.currency, parameters)) is not None
        and history.sum_24h_minor + payment.amount_minor > limit
    ]
    if not exceeded:
        return None
    total, limit = max(exceeded)
    return Finding(values={"total": Money(total, payment.currency), "limit": Money(limit, payment.currency)})


def _limit_of(history: IdentityHistory, currency: str, parameters: VelocityAmountParameters) -> int | None:
    """Return the lesser of the configured limit and the multiple of its own peak, None when it has neither."""
    limit = parameters.limit_minor.get(currency)
    if history.closed_day_events < parameters.minimum_events or not history.daily_peak_minor:
        return limit
    own = parameters.peak_factor * history.daily_peak_minor
    return own if limit is None else min(own, limit)


SIGNAL = Signal(
    code="velocity_amount",
    flows=BOTH,
    default_weight=30,
    meaning={
        Language.ENGLISH: "One identity moves far more in 24 hours than on any day of its last 30, or than its limit",
        Language.SPANISH: "Una identidad mueve en 24 horas mucho más que en cualquiera de sus 30 días, o que su límite",
    },
    descriptions={
        Language.ENGLISH: "{total} in the last 24 hours, over {limit}",
        Language.SPANISH: "{total} en las últimas 24 horas, más de {limit}",
    },
    parameters=VelocityAmountParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY}),
)
