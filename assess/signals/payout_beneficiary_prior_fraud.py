"""An account that was the fraudster's in a confirmed fraud of the organization gets another payout."""

from assess.signals.base import PAYOUT, NoParameters, Signal
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire when the account is known from a fraud; who pays is another signal's."""
    return Finding() if IdentityKind.BENEFICIARY in facts.prior_fraud else None


SIGNAL = Signal(
    code="payout_beneficiary_prior_fraud",
    flows=PAYOUT,
    default_weight=60,
    meaning={
        Language.ENGLISH: "The account received the money of a confirmed fraud before",
        Language.SPANISH: "La cuenta recibió antes el dinero de un fraude confirmado",
    },
    descriptions={
        Language.ENGLISH: "Earlier confirmed fraud to the same account",
        Language.SPANISH: "Fraude confirmado anterior a la misma cuenta",
    },
    parameters=NoParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.PRIOR_FRAUD}),
)
