"""A payment from an address on a threat list that the organization subscribes to (contract §7, `CLM-ADD-INTEL`)."""

from assess.signals.base import BOTH, NoParameters, Signal
from assess.signals.feed_hits import list_feed_hits
from assess.types import Facts, Finding, Language, Lookup
from feeds.types import FeedKind


def evaluate(facts: Facts, parameters: NoParameters) -> Finding | None:
    """Fire with the first of the lists, by their codes, and the day that it is of."""
    hits = list_feed_hits(facts, FeedKind.IP_THREAT)
    return Finding(values={"list": hits[0].title, "as_of": hits[0].as_of}) if hits else None


SIGNAL = Signal(
    code="ip_list_hit",
    flows=BOTH,
    default_weight=25,
    meaning={
        Language.ENGLISH: "The IP address is on a threat list that is subscribed to (module CLM-ADD-INTEL)",
        Language.SPANISH: "La dirección IP está en una lista de amenazas suscrita (módulo CLM-ADD-INTEL)",
    },
    descriptions={
        Language.ENGLISH: "IP address on the threat list {list} of {as_of}",
        Language.SPANISH: "Dirección IP en la lista de amenazas {list} del {as_of}",
    },
    parameters=NoParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.FEEDS}),
)
