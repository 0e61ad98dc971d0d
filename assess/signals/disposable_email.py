"""An address of a throw-away mail service (contract §7).

The list is https://github.com/disposable-email-domains/disposable-email-domains (CC0), as its package ships it.
"""

from disposable_email_domains import blocklist

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.email_domains import list_domains
from assess.types import Facts, Finding, Language

_DISPOSABLE: frozenset[str] = frozenset(blocklist)


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire when the domain, or the registered one above it, is listed."""
    return None if _DISPOSABLE.isdisjoint(list_domains(facts.payment)) else Finding()


SIGNAL = Signal(
    code="disposable_email",
    flows=BOTH,
    default_weight=20,
    meaning={
        Language.ENGLISH: "The domain of the payer's or beneficiary's e-mail is on the list of disposable ones",
        Language.SPANISH: "El dominio del correo del pagador o del beneficiario está en la lista de desechables",
    },
    descriptions={
        Language.ENGLISH: "Disposable email domain",
        Language.SPANISH: "Dominio de correo desechable",
    },
    parameters=NoParameters,
    evaluate=evaluate,
)
