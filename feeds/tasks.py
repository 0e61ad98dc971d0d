"""What the worker does for lists from outside: fetches what is due, loads what was received, tells of what is old."""

import uuid
from collections.abc import Callable
from datetime import date

import structlog
from celery import shared_task

from core.actor import Actor, make_system_actor
from core.clock import read_clock
from core.environments import Environment
from core.outbound import Fetched, FetchFailed, fetch
from core.unit_of_work import unit_of_work
from feeds.queries import list_due_feeds, list_untold_feeds, list_waiting_versions
from feeds.rules.content import ContentRefused
from feeds.services.follow_up import claim_refresh, note_failure, tell_stale
from feeds.services.load_version import load_version
from feeds.services.receive_version import receive_version
from feeds.turns import Turn, take_turn
from feeds.types import MAXIMUM_BYTES

FETCH_SECONDS = 120.0
MOST_FETCHES = 3
"""In one run: the next begins a minute later, and a task has ten minutes."""

_log = structlog.get_logger(__name__)


@shared_task(name="feeds.tasks.refresh_feeds", expires=300)
def refresh_feeds() -> None:
    """Fetch, load and tell, each list by itself: one that fails does not hold up the others. Harmless when repeated.

    What another worker is at is left to it.
    """
    with take_turn(Turn.FETCH) as is_mine:
        if is_mine:
            _fetch_all()
    with take_turn(Turn.READ) as is_mine:
        if is_mine:
            _read_all()


def _fetch_all() -> None:
    for organization_id, environment, feed_id in list_due_feeds(now=read_clock())[:MOST_FETCHES]:
        _try(_refresh, organization_id, environment, feed_id)


def _read_all() -> None:
    for organization_id, environment, version_id in list_waiting_versions():
        _try(_load, organization_id, environment, version_id)
    for organization_id, environment, feed_id in list_untold_feeds(now=read_clock()):
        _try(_tell, organization_id, environment, feed_id)


def _try(
    act: Callable[[Actor, uuid.UUID], None], organization_id: uuid.UUID, environment: Environment, id_: uuid.UUID
) -> None:
    actor = make_system_actor(organization_id=organization_id, environment=environment, name="refresh_feeds")
    try:
        act(actor, id_)
    except Exception as error:  # noqa: BLE001  whatever it is, the other lists have their turn
        _log.error("feed_not_refreshed", step=act.__name__, id=str(id_), error=type(error).__name__)


def _refresh(actor: Actor, feed_id: uuid.UUID) -> None:
    with unit_of_work():
        url = claim_refresh(actor=actor, feed_id=feed_id, now=read_clock())
    if url is None:
        return
    try:
        fetched = fetch(url, maximum_bytes=MAXIMUM_BYTES, seconds=FETCH_SECONDS)
        _receive(actor, feed_id, fetched)
    except (FetchFailed, ContentRefused) as failure:
        with unit_of_work():
            note_failure(actor=actor, feed_id=feed_id, fault=str(failure), now=read_clock())


def _receive(actor: Actor, feed_id: uuid.UUID, fetched: Fetched) -> None:
    now = read_clock()
    with unit_of_work():
        receive_version(
            actor=actor,
            feed_id=feed_id,
            content=fetched.content,
            as_of=_find_day(fetched, today=now.date()),
            is_fetched=True,
            now=now,
        )


def _find_day(fetched: Fetched, *, today: date) -> date:
    """Return the day on which the source says that the list was changed, today when it says none or a later one."""
    return min(fetched.modified_at.date(), today) if fetched.modified_at else today


def _load(actor: Actor, version_id: uuid.UUID) -> None:
    with unit_of_work():
        load_version(actor=actor, version_id=version_id, now=read_clock())


def _tell(actor: Actor, feed_id: uuid.UUID) -> None:
    with unit_of_work():
        tell_stale(actor=actor, feed_id=feed_id, now=read_clock())
