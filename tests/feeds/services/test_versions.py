"""A file of a list, from its arrival to its end."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from core.unit_of_work import unit_of_work
from feeds.models import Feed, FeedEntry, FeedVersion
from feeds.queries import FeedNotFound, VersionNotFound
from feeds.rules.content import ContentRefused
from feeds.services.load_version import load_version
from feeds.services.review_version import review_version
from feeds.types import FeedKind, VersionState
from tests.feeds.factories import NOW, URL, fill, kinds_of, load, make_actor, make_feed, receive

HUNDRED = [f"203.0.113.{number}" for number in range(100)]


def entries_of(feed: Feed) -> list[str]:
    rows = FeedEntry.unscoped.filter(feed_id=feed.id, until_version=None)
    return sorted(value.removesuffix("/32") for value in rows.values_list("value", flat=True))


def review(feed: Feed, version: FeedVersion, *, is_approved: bool, organization: Organization) -> bool:
    with unit_of_work():
        return review_version(
            actor=make_actor(organization), code=feed.code, version_id=version.id, is_approved=is_approved, now=NOW
        )


def test_a_first_version_comes_into_force_with_its_repeats_once(bank: Organization) -> None:
    feed = make_feed(bank)
    version = fill(feed, "203.0.113.7", "203.0.113.7", "203.0.113.8", "10.0.0.1", "?")
    feed.refresh_from_db()
    assert entries_of(feed) == ["203.0.113.7", "203.0.113.8"]
    assert (version.state, version.content) == ("in_force", None)
    assert (version.entries, version.added, version.removed) == (2, 2, 0)
    assert version.refused == {"internal": 1, "unreadable": 1}
    assert (feed.version, feed.entries, feed.as_of, feed.sha256) == (1, 2, NOW.date(), version.sha256)
    assert kinds_of(bank) == ["feed.added", "feed.received", "feed.refreshed"]


def list_statements(act: Callable[[], object]) -> list[str]:
    """Return the beginnings of what is done to the entries, in order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    told = [query["sql"].strip() for query in asked.captured_queries]
    words = ("ANALYZE feeds_feedentry", "INSERT INTO feeds_feedentry", "UPDATE feeds_feedentry")
    return [word for sql in told for word in words if sql.startswith(word)]


def test_a_first_version_has_look_ups_planned_anew_when_it_has_begun_and_when_it_is_there(
    bank: Organization,
) -> None:
    feed = make_feed(bank)
    fill(feed, "10.0.0.1")  # held: the second is the first in force
    addresses = [f"198.51.{number // 256}.{number % 256}" for number in range(10_003)]
    version = receive(feed, "\n".join(addresses))
    assert version is not None
    analyze, insert, update = "ANALYZE feeds_feedentry", "INSERT INTO feeds_feedentry", "UPDATE feeds_feedentry"
    assert list_statements(lambda: load(version)) == [update, insert, analyze, insert, analyze]
    assert entries_of(feed) == sorted(addresses)
    later = receive(feed, "\n".join(addresses[1:]))
    assert later is not None
    assert list_statements(lambda: load(later)) == [update, insert]


def test_a_second_version_tells_what_came_and_what_went_and_the_first_can_still_be_asked(bank: Organization) -> None:
    feed = make_feed(bank)
    first = fill(feed, "203.0.113.7", "203.0.113.8", "203.0.113.9")
    second = fill(feed, "203.0.113.8", "203.0.113.9", "203.0.113.10")
    assert (second.number, second.entries, second.added, second.removed) == (2, 3, 1, 1)
    assert second.sample == {"added": ["203.0.113.10/32"], "removed": ["203.0.113.7/32"]}
    first.refresh_from_db()
    assert first.state == VersionState.SUPERSEDED
    rows = FeedEntry.unscoped.filter(feed_id=feed.id, from_version__lte=1).exclude(until_version__lte=1)
    assert sorted(rows.values_list("value", flat=True)) == ["203.0.113.7/32", "203.0.113.8/32", "203.0.113.9/32"]


def test_what_comes_back_is_there_again(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, "203.0.113.7", "203.0.113.8")
    fill(feed, "203.0.113.8")
    fill(feed, "203.0.113.7", "203.0.113.8")
    assert entries_of(feed) == ["203.0.113.7", "203.0.113.8"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (HUNDRED[:49], "shrunk"), (["# nothing"], "empty"), (["10.0.0.1"], "empty"),
        (["a b"] * 60 + HUNDRED[:55], "unreadable"),
        ([f"198.51.{number // 256}.{number % 256}" for number in range(1_301)], "grown"),
        ([*HUNDRED, "5.0.0.0/8", "6.0.0.0/8", "7.0.0.0/8", "8.0.0.0/8", "203.0.114.1"], "broad"),
        ([*HUNDRED, *(f"2{number:03x}::/16" for number in range(129))], "broad"),
    ],
)  # fmt: skip
def test_a_version_that_is_not_plausible_waits_and_what_was_in_force_stays(
    bank: Organization, lines: list[str], reason: str
) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    version = fill(feed, *lines)
    feed.refresh_from_db()
    assert (version.state, version.review_reason) == ("to_review", reason)
    assert (feed.version, len(entries_of(feed))) == (1, 100)
    assert kinds_of(bank)[-1] == "feed.held"


def test_a_64th_of_all_addresses_comes_into_force_and_stays_there_unasked(bank: Organization) -> None:
    feed = make_feed(bank)
    wide = ["5.0.0.0/8", "6.0.0.0/8", "7.0.0.0/8", "8.0.0.0/8"]
    assert fill(feed, *wide).state == "in_force"
    assert fill(feed, *wide, *HUNDRED).state == "in_force"


def test_a_first_version_that_holds_more_waits_too(bank: Organization) -> None:
    version = fill(make_feed(bank), *(f"{number}.0.0.0/8" for number in range(20, 26)))
    assert (version.state, version.review_reason) == ("to_review", "broad")


def test_half_of_the_entries_is_enough(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    assert fill(feed, *HUNDRED[:50]).state == "in_force"


def test_an_approved_version_comes_into_force_whatever_it_holds(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    assert review(feed, held, is_approved=True, organization=bank)
    assert load(held).state == "in_force"
    assert entries_of(feed) == sorted(HUNDRED[:3])
    assert kinds_of(bank)[-2:] == ["feed.approved", "feed.refreshed"]


def test_a_discarded_version_is_gone_with_its_file_and_a_second_word_changes_nothing(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    assert review(feed, held, is_approved=False, organization=bank)
    held.refresh_from_db()
    assert (held.state, held.content) == ("discarded", None)
    assert not review(feed, held, is_approved=True, organization=bank)
    assert len(entries_of(feed)) == 100
    assert kinds_of(bank)[-1] == "feed.discarded"


def test_what_was_discarded_stays_out_when_its_source_says_the_same_again(bank: Organization) -> None:
    feed = make_feed(bank, url=URL, schedule_hours=24)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    assert review(feed, held, is_approved=False, organization=bank)
    told = kinds_of(bank)
    assert receive(feed, "\n".join(HUNDRED[:3]), now=NOW + timedelta(days=1)) is None
    feed.refresh_from_db()
    assert (feed.version, feed.confirmed_at, feed.refresh_at) == (1, NOW, NOW + timedelta(days=2))
    assert kinds_of(bank) == told


def test_what_was_discarded_may_be_uploaded_again_and_is_then_what_it_has_become(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    assert review(feed, fill(feed, *HUNDRED[:3]), is_approved=False, organization=bank)
    again = fill(feed, *HUNDRED[:3])
    assert (again.number, again.state) == (3, "to_review")
    assert review(feed, again, is_approved=True, organization=bank)
    assert load(again).state == "in_force"
    later = NOW + timedelta(days=1)
    Feed.unscoped.update(url=URL)
    feed.refresh_from_db()
    assert receive(feed, "\n".join(HUNDRED[:3]), now=later) is None
    feed.refresh_from_db()
    assert (feed.version, feed.confirmed_at) == (3, later)


def test_a_held_version_ends_when_a_later_one_comes_into_force(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    fill(feed, *HUNDRED, "198.51.100.1")
    held.refresh_from_db()
    assert (held.state, held.content) == ("superseded", None)


def test_an_approved_version_that_a_later_one_overtook_stays_out(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    later = receive(feed, "\n".join([*HUNDRED, "198.51.100.1"]))
    assert later is not None
    assert review(feed, held, is_approved=True, organization=bank)
    assert load(later).state == "in_force"
    assert (load(held).state, held.content) == ("superseded", None)
    feed.refresh_from_db()
    assert (feed.version, feed.entries, entries_of(feed)) == (3, 101, sorted([*HUNDRED, "198.51.100.1"]))
    assert list(FeedVersion.unscoped.filter(state="in_force").values_list("number", flat=True)) == [3]


def test_a_stranger_reviews_nothing(bank: Organization, stranger: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    held = fill(feed, *HUNDRED[:3])
    with pytest.raises(FeedNotFound):
        review(feed, held, is_approved=True, organization=stranger)
    own = make_feed(stranger)
    with pytest.raises(VersionNotFound):
        review(own, held, is_approved=True, organization=stranger)
    held.refresh_from_db()
    assert held.state == "to_review"


def test_the_same_file_again_is_no_new_version_but_confirms_the_list(bank: Organization) -> None:
    feed = make_feed(bank, url=URL, schedule_hours=24)
    fill(feed, "203.0.113.7")
    later = NOW + timedelta(days=3)
    assert receive(feed, "203.0.113.7", now=later) is None
    feed.refresh_from_db()
    assert feed.confirmed_at == later
    assert feed.refresh_at == later + timedelta(hours=24)
    assert FeedVersion.unscoped.filter(feed=feed).count() == 1


def test_the_same_file_that_is_to_be_reviewed_is_not_held_twice(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, *HUNDRED)
    fill(feed, "203.0.113.7")
    assert receive(feed, "203.0.113.7") is None


def test_an_uploaded_list_is_as_old_as_its_day(bank: Organization) -> None:
    feed = make_feed(bank, kind=FeedKind.RISK_COUNTRY, title="Comité")
    version = receive(feed, "RU\nPA\n", as_of=date(2026, 9, 1))
    assert version is not None
    load(version)
    feed.refresh_from_db()
    assert feed.confirmed_at is not None
    assert feed.confirmed_at.date() == feed.as_of == date(2026, 9, 1)


def test_what_is_no_list_leaves_nothing(bank: Organization) -> None:
    feed = make_feed(bank)
    with pytest.raises(ContentRefused):
        receive(feed, b"<html>not found</html>")
    assert FeedVersion.unscoped.count() == 0
    assert kinds_of(bank) == ["feed.added"]


def test_read_twice_a_version_changes_nothing_more(bank: Organization) -> None:
    feed = make_feed(bank)
    version = fill(feed, "203.0.113.7")
    with unit_of_work():
        assert load_version(actor=make_actor(bank), version_id=version.id, now=NOW) is None
    assert kinds_of(bank) == ["feed.added", "feed.received", "feed.refreshed"]


def test_a_stranger_reads_no_version(bank: Organization, stranger: Organization) -> None:
    version = receive(make_feed(bank), "203.0.113.7")
    assert version is not None
    with unit_of_work():
        assert load_version(actor=make_actor(stranger), version_id=version.id, now=NOW) is None
    version.refresh_from_db()
    assert version.state == "waiting"


def test_a_list_with_more_entries_than_are_kept_is_discarded_and_says_so_until_a_shorter_one_comes(
    bank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.loading.MAXIMUM_ENTRIES", 2)
    feed = make_feed(bank, url=URL, schedule_hours=24)
    version = fill(feed, *HUNDRED[:3])
    feed.refresh_from_db()
    assert (version.state, version.content, entries_of(feed)) == ("discarded", None, [])
    assert (feed.failure, feed.failed_at) == ("too_many_entries", NOW)
    told = kinds_of(bank)
    later = NOW + timedelta(days=1)
    assert receive(feed, "\n".join(HUNDRED[:3]), now=later) is None
    feed.refresh_from_db()
    assert (feed.failure, feed.failed_at, kinds_of(bank)) == ("too_many_entries", later, told)
    fill(feed, *HUNDRED[:2])
    feed.refresh_from_db()
    assert (feed.failure, feed.failed_at, entries_of(feed)) == ("", None, HUNDRED[:2])


def test_an_upload_that_fits_ends_the_failure_of_one_that_did_not(
    bank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.loading.MAXIMUM_ENTRIES", 2)
    feed = make_feed(bank)
    fill(feed, *HUNDRED[:3])
    fill(feed, *HUNDRED[:2])
    feed.refresh_from_db()
    assert (feed.failure, feed.failed_at, feed.version) == ("", None, 2)
