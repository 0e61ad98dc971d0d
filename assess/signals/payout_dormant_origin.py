"""An origin that has not paid for 30 days, or never, pays an unusual amount: a dormant or a fresh account in use."""

from assess.signals.base import PAYOUT, Signal
from assess.signals.unusual_amount import UnusualAmountParameters, find_unusual_amount
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind


def evaluate(facts: Facts, parameters: UnusualAmountParameters) -> Finding | None:
    """Fire with the median and the score; what is usual is told as for `amount_outlier`."""
    origin = facts.history(IdentityKind.ORIGIN)
    if origin is None or origin.events_30d:
        return None
    return find_unusual_amount(facts, parameters)


SIGNAL = Signal(
    code="payout_dormant_origin",
    flows=PAYOUT,
    default_weight=20,
    meaning={
        Language.ENGLISH: "An origin without any payout in 30 days pays an unusual amount",
        Language.SPANISH: "Un origen sin ningún pago en 30 días paga un monto inusual",
    },
    descriptions={
        Language.ENGLISH: "First payout of this origin in 30 days, far above {median} (robust z {score})",
        Language.SPANISH: "Primer pago de este origen en 30 días, muy por encima de {median} (z robusta {score})",
    },
    parameters=UnusualAmountParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY, Lookup.AMOUNTS}),
)
