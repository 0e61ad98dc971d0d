"""An address under a top-level domain that abuse prefers (contract §7)."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.email_domains import list_domains
from assess.signals.feed_hits import list_feed_hits
from assess.types import Facts, Finding, Language, Lookup
from feeds.types import FeedKind


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the top-level domain."""
    if not list_feed_hits(facts, FeedKind.SUSPICIOUS_TLD):
        return None
    return Finding(values={"tld": list_domains(facts.payment)[0].rpartition(".")[2]})


SIGNAL = Signal(
    code="suspicious_tld",
    flows=BOTH,
    default_weight=10,
    meaning={
        Language.ENGLISH: "The e-mail is under a top-level domain that abuse prefers",
        Language.SPANISH: "El correo está bajo un dominio de nivel superior preferido para abusos",
    },
    descriptions={
        Language.ENGLISH: "Email under the top-level domain .{tld}",
        Language.SPANISH: "Correo bajo el dominio de nivel superior .{tld}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.FEEDS}),
    judges_without_needs=True,
)
