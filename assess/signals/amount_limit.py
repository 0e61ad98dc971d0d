"""An amount over the organization's configured maximum: a hard block (contract §7)."""

from assess.signals.base import BOTH, HARD_BLOCK_WEIGHT, AmountMinor, Parameters, Signal
from assess.types import Facts, Finding, Language, Money


class AmountLimitParameters(Parameters, frozen=True):
    """`maximum_minor`: currency → greatest amount that may pass, in minor units. None by default."""

    maximum_minor: dict[str, AmountMinor] = {}


def evaluate(facts: Facts, parameters: AmountLimitParameters) -> Finding | None:
    """Block what exceeds the maximum of its currency."""
    maximum = parameters.maximum_minor.get(facts.payment.currency)
    if maximum is None or facts.payment.amount_minor <= maximum:
        return None
    return Finding(
        values={"maximum": Money(maximum, facts.payment.currency)}, weight=HARD_BLOCK_WEIGHT, blocks="amount_limit"
    )


SIGNAL = Signal(
    code="amount_limit",
    flows=BOTH,
    default_weight=HARD_BLOCK_WEIGHT,
    meaning={
        Language.ENGLISH: "The amount exceeds the configured maximum (hard block)",
        Language.SPANISH: "El monto excede el máximo configurado (bloqueo)",
    },
    descriptions={
        Language.ENGLISH: "The amount exceeds the maximum of {maximum}",
        Language.SPANISH: "El monto excede el máximo de {maximum}",
    },
    parameters=AmountLimitParameters,
    evaluate=evaluate,
    can_block=True,
)
