"""The worker's round: fetch what is due, load what came, tell of what is old."""

from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from core.outbound import Fetched, FetchFailed, FetchFault
from core.unit_of_work import unit_of_work
from events.models import Event
from feeds import tasks
from feeds.models import Feed, FeedVersion
from feeds.queries import list_untold_feeds
from feeds.services.follow_up import claim_refresh
from feeds.turns import Turn
from tests.feeds.factories import NOW, URL, fill, kinds_of, make_actor, make_feed, receive

DAY = datetime(2026, 11, 24, 8, tzinfo=UTC)


class Source:
    """What the Internet says next, and what it was asked."""

    def __init__(self) -> None:
        self.content = b"203.0.113.7\n"
        self.fault: FetchFault | None = None
        self.asked: list[str] = []

    def fetch(self, url: str, *, maximum_bytes: int, seconds: float) -> Fetched:
        self.asked.append(url)
        if self.fault:
            raise FetchFailed(self.fault)
        return Fetched(self.content, DAY)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    said = Source()
    monkeypatch.setattr(tasks, "fetch", said.fetch)
    monkeypatch.setattr(tasks, "read_clock", lambda: NOW)
    return said


def reread(feed: Feed) -> Feed:
    feed.refresh_from_db()
    return feed


def connect_as_tested() -> dict[str, Any]:
    given = connection.settings_dict
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    return {name: given[setting] for setting, name in names.items()}


def fail(**_: object) -> NoReturn:
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
class TestRounds:
    def test_a_due_list_is_fetched_and_in_force_in_one_round(self, source: Source, bank: Organization) -> None:
        feed = make_feed(bank, url=URL, schedule_hours=24)
        tasks.refresh_feeds()
        reread(feed)
        assert source.asked == [URL]
        assert (feed.version, feed.entries, feed.as_of) == (1, 1, DAY.date())
        assert feed.refresh_at == NOW + timedelta(hours=24)
        tasks.refresh_feeds()
        assert source.asked == [URL]

    def test_a_list_without_a_schedule_is_fetched_once(self, source: Source, bank: Organization) -> None:
        feed = make_feed(bank, url=URL)
        tasks.refresh_feeds()
        assert reread(feed).refresh_at is None

    def test_a_list_that_is_turned_off_is_not_fetched(self, source: Source, bank: Organization) -> None:
        make_feed(bank, url=URL)
        Feed.unscoped.update(is_active=False)
        tasks.refresh_feeds()
        assert source.asked == []

    def test_a_failure_is_told_once_and_tried_again_within_the_hour(self, source: Source, bank: Organization) -> None:
        feed = make_feed(bank, url=URL, schedule_hours=24)
        fill(feed, "203.0.113.9")
        source.fault = FetchFault.STATUS
        for _ in range(2):
            Feed.unscoped.update(refresh_at=NOW)
            tasks.refresh_feeds()
        reread(feed)
        assert (feed.failure, feed.failed_at, feed.version) == ("status", NOW, 1)
        assert feed.refresh_at == NOW + timedelta(hours=1)
        assert kinds_of(bank).count("feed.failed") == 1

    def test_what_is_no_list_is_a_failure_that_the_next_list_ends(self, source: Source, bank: Organization) -> None:
        feed = make_feed(bank, url=URL, schedule_hours=24)
        source.content = b"<html>"
        tasks.refresh_feeds()
        assert reread(feed).failure == "markup"
        source.content = b"203.0.113.7\n"
        Feed.unscoped.update(refresh_at=NOW)
        tasks.refresh_feeds()
        assert (reread(feed).failure, feed.version) == ("", 1)

    def test_an_uploaded_file_is_loaded(self, source: Source, bank: Organization) -> None:
        feed = make_feed(bank)
        receive(feed, "203.0.113.7")
        tasks.refresh_feeds()
        assert reread(feed).version == 1

    def test_one_that_fails_does_not_hold_up_the_others(
        self, source: Source, bank: Organization, stranger: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, sound = receive(make_feed(bank), "203.0.113.7"), receive(make_feed(stranger), "203.0.113.7")
        assert broken is not None
        assert sound is not None
        FeedVersion.unscoped.filter(id=broken.id).update(content=b"no gzip")
        tasks.refresh_feeds()
        broken.refresh_from_db()
        sound.refresh_from_db()
        assert (broken.state, sound.state) == ("waiting", "in_force")

    def test_an_old_list_is_told_of_once_until_it_is_confirmed(
        self, source: Source, bank: Organization, stranger: Organization
    ) -> None:
        feed = make_feed(bank, stale_after_days=7)
        fill(feed, "203.0.113.7", now=NOW - timedelta(days=9))
        fresh = make_feed(stranger, stale_after_days=30)
        fill(fresh, "203.0.113.7", now=NOW - timedelta(days=9))
        tasks.refresh_feeds()
        tasks.refresh_feeds()
        assert kinds_of(bank).count("feed.stale") == 1
        assert kinds_of(stranger).count("feed.stale") == 0
        fill(feed, "203.0.113.8", now=NOW)
        assert reread(feed).stale_told_at is None

    @pytest.mark.parametrize(("turn", "asked", "version"), [(Turn.FETCH, [], 1), (Turn.READ, [URL], None)])
    def test_what_another_worker_is_at_is_left_to_it(
        self, source: Source, bank: Organization, turn: Turn, asked: list[str], version: int | None
    ) -> None:
        make_feed(bank, url=URL, schedule_hours=24)
        uploaded = make_feed(bank, title="Otra")
        receive(uploaded, "203.0.113.7")
        with psycopg.connect(**connect_as_tested()) as other:
            other.execute("SELECT pg_advisory_lock(65261, %s)", [turn.value])
            tasks.refresh_feeds()
            assert (source.asked, reread(uploaded).version) == (asked, version)
            other.execute("SELECT pg_advisory_unlock_all()")
        tasks.refresh_feeds()
        assert (source.asked, reread(uploaded).version) == ([URL], 1)

    def test_a_turn_is_given_up_when_a_sweep_fails(
        self, source: Source, bank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks, "list_due_feeds", fail)
        with pytest.raises(RuntimeError):
            tasks.refresh_feeds()
        with psycopg.connect(**connect_as_tested()) as other:
            row = other.execute("SELECT pg_try_advisory_lock(65261, 1)").fetchone()
        assert row == (True,)

    def test_only_a_list_that_is_too_old_and_untold_is_locked_to_be_told(self, bank: Organization) -> None:
        feed = make_feed(bank, stale_after_days=7)
        fill(feed, "203.0.113.7", now=NOW)
        confirmed_at = reread(feed).confirmed_at
        assert confirmed_at is not None
        end = confirmed_at + timedelta(days=7)
        assert list_untold_feeds(now=end) == []
        assert list_untold_feeds(now=end + timedelta(seconds=1)) == [(bank.id, Environment.SANDBOX, feed.id)]

    @pytest.mark.parametrize(
        "fields", [{"is_active": False}, {"stale_told_at": NOW}, {"stale_after_days": None}, {"confirmed_at": None}]
    )
    def test_a_list_that_is_off_told_of_without_an_end_or_unread_is_not_told_of(
        self, bank: Organization, fields: dict[str, Any]
    ) -> None:
        fill(make_feed(bank, stale_after_days=7), "203.0.113.7")
        Feed.unscoped.update(**fields)
        assert list_untold_feeds(now=NOW + timedelta(days=99)) == []

    def test_the_events_of_the_worker_name_no_address_of_a_list(self, source: Source, bank: Organization) -> None:
        make_feed(bank, url=URL)
        tasks.refresh_feeds()
        assert not Event.unscoped.filter(payload__icontains="203.0.113").exists()


def test_a_list_is_claimed_by_one_worker(bank: Organization) -> None:
    feed = make_feed(bank, url=URL, schedule_hours=24)
    with unit_of_work():
        assert claim_refresh(actor=make_actor(bank), feed_id=feed.id, now=NOW) == URL
    with unit_of_work():
        assert claim_refresh(actor=make_actor(bank), feed_id=feed.id, now=NOW) is None
