"""An amount over the originator's own transaction limit (contract §3, §7; in Mexico the MTU)."""

from assess.signals.base import PAYOUT, NoParameters, Signal
from assess.types import Facts, Finding, Language, Money


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the limit, which is in the currency of the payment."""
    payment, limit = facts.payment, facts.payment.origin.user_limit_minor
    if limit is None or payment.amount_minor <= limit:
        return None
    return Finding(values={"limit": Money(limit, payment.currency)})


SIGNAL = Signal(
    code="payout_over_user_limit",
    flows=PAYOUT,
    default_weight=30,
    meaning={
        Language.ENGLISH: "The amount exceeds the originator's own transaction limit (MTU)",
        Language.SPANISH: "El monto excede el monto transaccional del usuario (MTU)",
    },
    descriptions={
        Language.ENGLISH: "The amount exceeds the originator's limit of {limit}",
        Language.SPANISH: "El monto excede el MTU de {limit}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
