"""What the facts hold decides; facts of before there was anything to hold are asked again."""

import pytest

from assess.signals import disposable_email, payout_unattributed_initiator, suspicious_tld
from assess.signals.base import Signal
from assess.signals.feed_hits import list_candidates, list_feed_hits
from assess.types import Beneficiary, Device, Lookup, Payment, PayoutDetails
from feeds.types import FeedHit, FeedKind
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout

LISTED = make_payin(email="ana@mailinator.com")
OTHER = make_payin(email="ana@shop.example.xyz")
GENERIC = make_payout(payout=PayoutDetails(initiated_by="admin"))
CASES = [
    (disposable_email.SIGNAL, FeedKind.DISPOSABLE_DOMAIN, LISTED),
    (suspicious_tld.SIGNAL, FeedKind.SUSPICIOUS_TLD, OTHER),
    (payout_unattributed_initiator.SIGNAL, FeedKind.GENERIC_INITIATOR, GENERIC),
]


@pytest.mark.parametrize(("signal", "kind", "payment"), CASES)
def test_a_hit_in_the_facts_fires_and_none_is_silent_whatever_todays_lists_say(
    signal: Signal[object],  # type: ignore[type-var]
    kind: FeedKind,
    payment: Payment,
) -> None:
    hit = FeedHit(kind=kind, feed="own", title="Own", as_of="2026-11-01", version=1)
    assert judge(signal, make_facts(payment, feed_hits=(hit,))) is not None
    assert judge(signal, make_facts(payment, feed_hits=())) is None
    assert judge(signal, make_facts(payment)) is not None


@pytest.mark.parametrize(("signal", "kind", "payment"), CASES)
def test_what_clausums_lists_say_stands_when_the_look_up_failed(
    signal: Signal[object],  # type: ignore[type-var]
    kind: FeedKind,
    payment: Payment,
) -> None:
    assert signal.needs == {Lookup.FEEDS}
    assert signal.judges_without_needs


def test_each_hit_says_which_list_and_of_which_day() -> None:
    assert list_feed_hits(make_facts(LISTED), FeedKind.DISPOSABLE_DOMAIN) == (
        FeedHit(kind=FeedKind.DISPOSABLE_DOMAIN, feed="disposable_domains", as_of="2026-11-09"),
    )


def test_a_payout_is_asked_by_the_beneficiarys_address_and_countries_and_by_who_initiated_it() -> None:
    party = Beneficiary(email="x@inbox.mailinator.com", countries=("MX", "IR"))
    payment = make_payout(
        beneficiary=party, device=Device(ip="203.0.113.7"), payout=PayoutDetails(initiated_by="Admin-01")
    )
    candidates = dict(list_candidates(payment))
    assert candidates.pop(FeedKind.IP_THREAT)[:2] == ("203.0.113.7/32", "203.0.113.6/31")
    assert candidates == {
        FeedKind.DISPOSABLE_DOMAIN: ("inbox.mailinator.com", "mailinator.com"),
        FeedKind.SUSPICIOUS_TLD: ("com",),
        FeedKind.RISK_COUNTRY: ("MX", "IR"),
        FeedKind.GENERIC_INITIATOR: ("admin",),
    }


def test_a_payment_of_nobody_asks_nothing() -> None:
    assert list_candidates(make_payin()) == {}
