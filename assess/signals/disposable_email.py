"""An address of a throw-away mail service (contract §7), by the lists of such domains that are in force."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.feed_hits import list_feed_hits
from assess.types import Facts, Finding, Language, Lookup
from feeds.types import FeedKind


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire when the domain, or the registered one above it, is listed."""
    return Finding() if list_feed_hits(facts, FeedKind.DISPOSABLE_DOMAIN) else None


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
    needs=frozenset({Lookup.FEEDS}),
    judges_without_needs=True,
)
