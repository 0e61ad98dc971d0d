"""An account of the right shape that cannot be right: a wrong check digit, an unknown bank (contract §3)."""

from assess.signals.base import PAYOUT, NoParameters, Signal
from assess.types import Facts, Finding, Language


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the fields that are wrong."""
    party = facts.payment.beneficiary
    if party is None or not party.flaws:
        return None
    return Finding(values={"fields": ", ".join(f"beneficiary.{field}" for field in sorted(party.flaws))})


SIGNAL = Signal(
    code="payout_invalid_account",
    flows=PAYOUT,
    default_weight=15,
    meaning={
        Language.ENGLISH: "A CLABE, IBAN or BIC with a wrong check digit or an unknown bank",
        Language.SPANISH: "Una CLABE, IBAN o BIC con dígito verificador erróneo o banco desconocido",
    },
    descriptions={
        Language.ENGLISH: "Wrong check digit or unknown bank: {fields}",
        Language.SPANISH: "Dígito verificador erróneo o banco desconocido: {fields}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
