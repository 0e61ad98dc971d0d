"""A beneficiary in a country on a dated risk list (contract §7)."""

from assess.signals.base import PAYOUT, Parameters, Signal
from assess.signals.feed_hits import list_feed_hits
from assess.types import Facts, Finding, Language, Lookup
from feeds.builtin.lists import BUILTIN_FEEDS
from feeds.types import FeedHit, FeedKind

LISTS = tuple(feed.code for feed in BUILTIN_FEEDS if feed.kind is FeedKind.RISK_COUNTRY)
"""The lists that come with Clausum."""


class HighRiskCountryParameters(Parameters, frozen=True):
    """`lists`: which of Clausum's lists count, in the order of looking. Default: the FATF's three.

    A list of the organization's own counts while it is subscribed to, after these.
    """

    lists: tuple[str, ...] = (
        "fatf_call_for_action_countermeasures",
        "fatf_call_for_action_enhanced",
        "fatf_increased_monitoring",
    )

    def __post_init__(self) -> None:
        """Raise ValueError for a list that is not there."""
        super().__post_init__()
        if not set(LISTS) >= set(self.lists):
            raise ValueError("lists names a list that does not exist")


def evaluate(facts: Facts, parameters: HighRiskCountryParameters) -> Finding | None:
    """Fire with the first of the lists that holds one of the beneficiary's countries."""
    hits = list_feed_hits(facts, FeedKind.RISK_COUNTRY)
    if not hits or facts.payment.beneficiary is None:
        return None
    places = {name: place for place, name in enumerate(parameters.lists)}
    counted = [hit for hit in hits if hit.version is not None or hit.feed in places]
    if not counted:
        return None
    first = min(counted, key=lambda hit: _place(hit, places))
    return Finding(values={"country": first.value or "", "list": first.feed, "as_of": first.as_of})


def _place(hit: FeedHit, places: dict[str, int]) -> int:
    return len(places) if hit.version is not None else places[hit.feed]


SIGNAL = Signal(
    code="payout_high_risk_country",
    flows=PAYOUT,
    default_weight=35,
    meaning={
        Language.ENGLISH: "A country of the beneficiary is on a dated risk list",
        Language.SPANISH: "Un país del beneficiario está en una lista de riesgo con fecha",
    },
    descriptions={
        Language.ENGLISH: "Beneficiary in {country}: list {list} of {as_of}",
        Language.SPANISH: "Beneficiario en {country}: lista {list} del {as_of}",
    },
    parameters=HighRiskCountryParameters,
    evaluate=evaluate,
    needs=frozenset({Lookup.FEEDS}),
    judges_without_needs=True,
)
