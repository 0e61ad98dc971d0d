"""A payer, device or card that was the fraudster's side of a confirmed fraud of the organization (contract §7)."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.types import Facts, Finding, Language, Lookup
from transactions.types import IdentityKind

_FIELDS = {
    IdentityKind.EMAIL: "email",
    IdentityKind.IP: "device.ip",
    IdentityKind.DEVICE: "device.fingerprint",
    IdentityKind.CUSTOMER: "customer_id",
    IdentityKind.CARD: "payment_method.card_bin",
    IdentityKind.ORIGIN: "origin",
    IdentityKind.CARD_HASH: "payment_method.card_hash",
}


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the payer's fields that were known from a fraud; whom it pays is another signal's."""
    payers = sorted(set(facts.prior_fraud) - {IdentityKind.BENEFICIARY})
    return Finding(values={"fields": ", ".join(_FIELDS[kind] for kind in payers)}) if payers else None


SIGNAL = Signal(
    code="payer_prior_fraud",
    flows=BOTH,
    default_weight=60,
    meaning={
        Language.ENGLISH: "The payer, the device or the card committed a confirmed fraud before",
        Language.SPANISH: "El pagador, el dispositivo o la tarjeta cometió antes un fraude confirmado",
    },
    descriptions={
        Language.ENGLISH: "Earlier confirmed fraud by the same {fields}",
        Language.SPANISH: "Fraude confirmado anterior con igual {fields}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.PRIOR_FRAUD}),
)
