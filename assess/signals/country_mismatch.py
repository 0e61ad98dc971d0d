"""A card of one country billed in another (contract §7)."""

from assess.signals.base import PAYIN, NoParameters, Signal
from assess.types import Facts, Finding, Language


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with both countries."""
    card, billing = facts.payment.payment_method.card_country, facts.payment.billing.country
    if not card or not billing or card == billing:
        return None
    return Finding(values={"card": card, "billing": billing})


SIGNAL = Signal(
    code="country_mismatch",
    flows=PAYIN,
    default_weight=12,
    meaning={
        Language.ENGLISH: "The card's country is not the billing country",
        Language.SPANISH: "El país de la tarjeta no es el de facturación",
    },
    descriptions={
        Language.ENGLISH: "Card country {card}, billing country {billing}",
        Language.SPANISH: "País de la tarjeta {card}, país de facturación {billing}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
