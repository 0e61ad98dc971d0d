"""The lists that come with Clausum say where they are from and hold what payments are looked up by."""

import hashlib
from datetime import date, timedelta

import pytest

from core.data_files import load_rows
from core.identifiers.country import CODES
from feeds.builtin.lists import BUILTIN_BY_CODE, BUILTIN_FEEDS, DATA, BuiltinFeed
from feeds.builtin.matching import match_builtin
from feeds.rules.candidates import make_candidates
from feeds.rules.values import normalize
from feeds.types import FeedKind


def test_they_are_these() -> None:
    assert {feed.code: len(feed.entries) for feed in BUILTIN_FEEDS} == {
        "fatf_call_for_action_countermeasures": 2,
        "fatf_call_for_action_enhanced": 1,
        "fatf_increased_monitoring": 22,
        "eu_high_risk_third_countries": 26,
        "eu_tax_non_cooperative_annex_1": 10,
        "disposable_domains": 10_181,
        "suspicious_tlds": 26,
        "generic_initiators": 69,
    }


@pytest.mark.parametrize("feed", BUILTIN_FEEDS, ids=lambda feed: feed.code)
def test_each_is_dated_and_its_entries_are_in_the_form_of_look_ups(feed: BuiltinFeed) -> None:
    assert feed.source
    assert date(2025, 10, 31) <= feed.as_of <= date(2026, 11, 22)
    assert len(feed.sha256) == 64
    assert [entry for entry in sorted(feed.entries) if normalize(feed.kind, entry) != entry] == []


def test_the_day_of_the_top_level_domains_is_the_end_of_the_month_of_the_newest() -> None:
    newest = max(date.fromisoformat(f"{row['as_of']}-01") for row in load_rows(DATA / "suspicious_tlds.csv"))
    of_list = BUILTIN_BY_CODE["suspicious_tlds"].as_of
    assert (of_list.replace(day=1), (of_list + timedelta(days=1)).day) == (newest, 1)


def test_the_digest_is_of_the_entries_in_order_and_made_once() -> None:
    feed = BUILTIN_BY_CODE["fatf_call_for_action_countermeasures"]
    assert feed.sha256 == hashlib.sha256(b"IR\nKP").hexdigest()
    assert feed.sha256 is feed.sha256


def test_countries_are_countries() -> None:
    countries = {code for feed in BUILTIN_FEEDS if feed.kind is FeedKind.RISK_COUNTRY for code in feed.entries}
    assert countries - CODES == set()


def test_each_list_with_a_country_is_named_and_one_that_is_turned_off_is_not() -> None:
    asked = make_candidates(countries=("MX", "KP"))
    assert [(hit.feed, hit.value) for hit in match_builtin(asked)] == [
        ("fatf_call_for_action_countermeasures", "KP"),
        ("eu_high_risk_third_countries", "KP"),
    ]
    muted = frozenset({"eu_high_risk_third_countries"})
    assert [hit.feed for hit in match_builtin(asked, muted=muted)] == ["fatf_call_for_action_countermeasures"]
