"""An account that nobody paid for 30 days, or ever, gets an unusual amount: what a mule account looks like at first."""

from assess.signals.base import PAYOUT, Signal
from assess.signals.unusual_amount import UnusualAmountParameters, find_unusual_amount
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind


def evaluate(facts: Facts, parameters: UnusualAmountParameters) -> Finding | None:
    """Fire with the median and the score; what is usual is told as for `amount_outlier`."""
    beneficiary = facts.history(IdentityKind.BENEFICIARY)
    if beneficiary is None or beneficiary.events_30d:
        return None
    return find_unusual_amount(facts, parameters)


SIGNAL = Signal(
    code="payout_new_account",
    flows=PAYOUT,
    default_weight=10,
    meaning={
        Language.ENGLISH: "An account that nobody paid in 30 days gets an unusual amount",
        Language.SPANISH: "Una cuenta a la que nadie pagó en 30 días recibe un monto inusual",
    },
    descriptions={
        Language.ENGLISH: "First payout to this account in 30 days, far above {median} (robust z {score})",
        Language.SPANISH: "Primer pago a esta cuenta en 30 días, muy por encima de {median} (z robusta {score})",
    },
    parameters=UnusualAmountParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.HISTORY, Lookup.AMOUNTS}),
)
