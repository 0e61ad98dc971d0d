"""Adding a list, turning lists on and off, and asking for one to be fetched."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organization
from accounts.types import Module
from core.environments import Environment
from core.errors import Forbidden, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event
from feeds import queries
from feeds.models import Feed, MutedFeed
from feeds.queries import FeedNotFound
from feeds.services import add_feed as adding
from feeds.services.add_feed import DuplicateFeed, TooManyFeeds, add_feed
from feeds.services.ask_refresh import NotFetched, ask_refresh
from feeds.services.switch_feed import switch_feed
from feeds.types import FeedKind, NewFeed
from tests.feeds.factories import MODULES, NOW, URL, kinds_of, make_actor, make_feed

PLAIN = frozenset({Module.PREVENTION})


def switch(organization: Organization, code: str, is_on: bool, modules: frozenset[Module] = MODULES) -> bool:
    with unit_of_work():
        return switch_feed(actor=make_actor(organization), code=code, is_on=is_on, modules=modules, now=NOW)


def ask(organization: Organization, code: str, modules: frozenset[Module] = MODULES) -> None:
    with unit_of_work():
        ask_refresh(actor=make_actor(organization), code=code, modules=modules, now=NOW)


def test_a_list_with_an_address_is_fetched_at_once_and_one_without_never(bank: Organization) -> None:
    assert make_feed(bank, url=URL, schedule_hours=24).refresh_at == NOW
    assert make_feed(bank, title="Otra").refresh_at is None
    event = Event.unscoped.filter(kind="feed.added").order_by("id").first()
    assert event is not None
    assert event.subject_id == "lista-de-prueba"


def test_a_threat_list_needs_its_module_and_the_refusal_leaves_nothing(bank: Organization) -> None:
    new = NewFeed(kind=FeedKind.IP_THREAT, title="Lista")
    with pytest.raises(Forbidden) as refused, unit_of_work():
        add_feed(actor=make_actor(bank), feed=new, modules=PLAIN, now=NOW)
    assert refused.value.details == {"module": "CLM-ADD-INTEL"}
    assert Feed.unscoped.count() == 0
    with unit_of_work():
        new = NewFeed(kind=FeedKind.RISK_COUNTRY, title="Comité")
        assert add_feed(actor=make_actor(bank), feed=new, modules=PLAIN, now=NOW)[1] == "comite"


@pytest.mark.parametrize("fields", [{"title": "Lista de prueba"}, {"title": "Otra", "url": URL}])
def test_the_same_title_or_address_twice_is_refused(bank: Organization, fields: dict[str, Any]) -> None:
    make_feed(bank, url=URL)
    with pytest.raises(DuplicateFeed) as refused:
        make_feed(bank, **fields)
    assert refused.value.details == {"code": "lista-de-prueba"}
    assert Feed.unscoped.count() == 1


def test_a_stranger_and_the_other_environment_have_their_own(bank: Organization, stranger: Organization) -> None:
    codes = [make_feed(bank), make_feed(stranger), make_feed(bank, environment=Environment.PRODUCTION)]
    assert [feed.code for feed in codes] == ["lista-de-prueba"] * 3


def test_there_is_a_limit(bank: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "MAXIMUM_FEEDS", 1)
    make_feed(bank)
    with pytest.raises(TooManyFeeds):
        make_feed(bank, title="Otra")
    assert queries.MAXIMUM_FEEDS == 50


def test_an_unsound_list_is_refused(bank: Organization) -> None:
    with pytest.raises(ValidationFailed):
        make_feed(bank, url="https://127.0.0.1/x")
    assert Feed.unscoped.count() == 0


def test_an_own_list_is_turned_off_and_on_and_each_is_told_once(bank: Organization) -> None:
    feed = make_feed(bank, url=URL)
    assert switch(bank, feed.code, False)
    assert not switch(bank, feed.code, False)
    assert switch(bank, feed.code, True)
    feed.refresh_from_db()
    assert (feed.is_active, feed.refresh_at) == (True, NOW)
    assert kinds_of(bank) == ["feed.added", "feed.unsubscribed", "feed.subscribed"]


def test_one_of_clausums_is_turned_off_and_on(bank: Organization, stranger: Organization) -> None:
    assert switch(bank, "suspicious_tlds", False)
    assert not switch(bank, "suspicious_tlds", False)
    assert [row.organization_id for row in MutedFeed.unscoped.all()] == [bank.id]
    assert not switch(stranger, "suspicious_tlds", True)
    assert switch(bank, "suspicious_tlds", True)
    assert not MutedFeed.unscoped.exists()
    assert kinds_of(bank) == ["feed.unsubscribed", "feed.subscribed"]


def test_a_threat_list_is_not_turned_on_without_its_module(bank: Organization) -> None:
    feed = make_feed(bank)
    assert switch(bank, feed.code, False, PLAIN)
    with pytest.raises(Forbidden):
        switch(bank, feed.code, True, PLAIN)
    feed.refresh_from_db()
    assert not feed.is_active


def test_a_stranger_switches_and_fetches_nothing(bank: Organization, stranger: Organization) -> None:
    feed = make_feed(bank, url=URL)
    with pytest.raises(FeedNotFound):
        switch(stranger, feed.code, False)
    with pytest.raises(FeedNotFound):
        ask(stranger, feed.code)
    feed.refresh_from_db()
    assert feed.is_active


def test_a_list_is_fetched_when_it_is_asked_for_and_that_is_told_once(bank: Organization) -> None:
    feed = make_feed(bank, url=URL)
    Feed.unscoped.update(refresh_at=NOW + timedelta(hours=5))
    ask(bank, feed.code)
    ask(bank, feed.code)
    feed.refresh_from_db()
    assert feed.refresh_at == NOW
    assert kinds_of(bank) == ["feed.added", "feed.refresh_asked"]


def test_what_has_no_address_or_is_turned_off_is_not_fetched(bank: Organization) -> None:
    for code in ("suspicious_tlds", make_feed(bank).code):
        with pytest.raises(NotFetched):
            ask(bank, code)
    off = make_feed(bank, title="Otra", url=URL)
    switch(bank, off.code, False)
    with pytest.raises(NotFetched):
        ask(bank, off.code)
