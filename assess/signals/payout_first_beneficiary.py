"""The first payout from an origin to an account (contract §7)."""

from assess.signals.base import PAYOUT, NoParameters, Signal
from assess.types import Facts, Finding, Language, Lookup


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire when no earlier payout was approved or released, or the client says so; its "no" proves nothing."""
    is_unknown = facts.pair is not None and not facts.pair.is_known
    return Finding() if is_unknown or facts.payment.payout.first_to_beneficiary is True else None


SIGNAL = Signal(
    code="payout_first_beneficiary",
    flows=PAYOUT,
    default_weight=20,
    meaning={
        Language.ENGLISH: "No earlier payout from this origin to this account was approved or released",
        Language.SPANISH: "Ningún pago anterior de este origen a esta cuenta fue aprobado o liberado",
    },
    descriptions={
        Language.ENGLISH: "First payout from this origin to this account",
        Language.SPANISH: "Primer pago de este origen a esta cuenta",
    },
    parameters=NoParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.PAIR}),
    judges_without_needs=True,
)
