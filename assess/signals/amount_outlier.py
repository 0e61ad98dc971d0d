"""An amount far above what is usual (contract §7)."""

from assess.signals.base import BOTH, Signal
from assess.signals.unusual_amount import UnusualAmountParameters, find_unusual_amount
from assess.types import Language, Lookup

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
    parameters=UnusualAmountParameters,
    evaluate=find_unusual_amount,
    needs=frozenset({Lookup.AMOUNTS}),
)
