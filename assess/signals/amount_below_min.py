"""An amount under the organization's configured minimum: how stolen cards are tried out (contract §7)."""

from assess.signals.base import BOTH, AmountMinor, Parameters, Signal
from assess.types import Facts, Finding, Language, Money


class AmountBelowMinParameters(Parameters, frozen=True):
    """`minimum_minor`: currency → least usual amount, in minor units. None by default."""

    minimum_minor: dict[str, AmountMinor] = {}


def evaluate(facts: Facts, parameters: AmountBelowMinParameters) -> Finding | None:
    """Fire with the minimum of the currency."""
    minimum = parameters.minimum_minor.get(facts.payment.currency)
    if minimum is None or facts.payment.amount_minor >= minimum:
        return None
    return Finding(values={"minimum": Money(minimum, facts.payment.currency)})


SIGNAL = Signal(
    code="amount_below_min",
    flows=BOTH,
    default_weight=5,
    meaning={
        Language.ENGLISH: "The amount is under the configured minimum",
        Language.SPANISH: "El monto es menor que el mínimo configurado",
    },
    descriptions={
        Language.ENGLISH: "The amount is under the minimum of {minimum}",
        Language.SPANISH: "El monto es menor que el mínimo de {minimum}",
    },
    parameters=AmountBelowMinParameters,
    evaluate=evaluate,
)
