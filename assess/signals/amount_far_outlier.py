"""An amount so far above what is usual that it is a matter of its own: the second step after `amount_outlier`."""

from assess.signals.base import BOTH, Count, Signal
from assess.signals.unusual_amount import UnusualAmountParameters, find_unusual_amount
from assess.types import Language, Lookup


class FarOutlierParameters(UnusualAmountParameters, frozen=True):
    """As for any unusual amount, with a greater `z_score`.

    People's amounts are spread unevenly: where they are lognormal with a sigma of 1, a z above 6 meets about 3 % of
    everyday payments, one above 12 about 0.7 %.
    """

    z_score: Count = 12


SIGNAL = Signal(
    code="amount_far_outlier",
    flows=BOTH,
    default_weight=15,
    meaning={
        Language.ENGLISH: "The amount is out of all proportion to the usual of this identity, or else of the "
        "organization",
        Language.SPANISH: "El monto es desproporcionado para lo habitual de esta identidad o de la organización",
    },
    descriptions={
        Language.ENGLISH: "The amount is out of all proportion to the median of {median} (robust z {score})",
        Language.SPANISH: "El monto es desproporcionado para la mediana de {median} (z robusta {score})",
    },
    parameters=FarOutlierParameters,
    evaluate=find_unusual_amount,
    needs=frozenset({Lookup.AMOUNTS}),
)
