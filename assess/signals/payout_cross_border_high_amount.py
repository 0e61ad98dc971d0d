"""A high amount that leaves the origin's country (contract §7)."""

import msgspec

from assess.signals.base import PAYOUT, AmountMinor, Parameters, Signal
from assess.types import Facts, Finding, Language, Money


class CrossBorderParameters(Parameters, frozen=True):
    """`threshold_minor`: currency → greatest amount that is not high, in minor units. Other currencies: none."""

    threshold_minor: dict[str, AmountMinor] = msgspec.field(
        default_factory=lambda: {"MXN": 20_000_000, "USD": 1_000_000, "EUR": 1_000_000}
    )


def evaluate(facts: Facts, parameters: CrossBorderParameters) -> Finding | None:
    """Fire when one of the beneficiary's countries is not the origin's and the amount exceeds the threshold.

    Any one counts (contract §3): a declared country never hides the account's.
    """
    payment = facts.payment
    threshold = parameters.threshold_minor.get(payment.currency)
    if threshold is None or payment.amount_minor <= threshold:
        return None
    origin, countries = payment.origin.country, payment.beneficiary.countries if payment.beneficiary else ()
    abroad = next((country for country in countries if country != origin), None)
    if not origin or abroad is None:
        return None
    return Finding(values={"origin": origin, "beneficiary": abroad, "threshold": Money(threshold, payment.currency)})


SIGNAL = Signal(
    code="payout_cross_border_high_amount",
    flows=PAYOUT,
    default_weight=25,
    meaning={
        Language.ENGLISH: "Origin and beneficiary are in different countries and the amount exceeds the threshold",
        Language.SPANISH: "Origen y beneficiario están en países distintos y el monto supera el umbral",
    },
    descriptions={
        Language.ENGLISH: "From {origin} to {beneficiary}, more than {threshold}",
        Language.SPANISH: "De {origin} a {beneficiary}, más de {threshold}",
    },
    parameters=CrossBorderParameters,
    evaluate=evaluate,
)
