"""Adding a list of the organization's own."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from accounts.types import Module
from core.actor import Actor, ActorKind
from core.errors import Duplicate, Forbidden, ValidationFailed
from core.unit_of_work import service
from feeds.models import Feed
from feeds.queries import MAXIMUM_FEEDS, is_locked
from feeds.rules.new_feed import make_code, require_sound
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.services.poke import poke_once
from feeds.types import FeedKind, NewFeed


class DuplicateFeed(Duplicate):
    """The organization has a list with this title or from this address; `details.code` names it."""

    message: ClassVar[str] = "There is such a list already."


class TooManyFeeds(ValidationFailed):
    """Each list is a look-up of every payment, so there is a limit."""


@service
def add_feed(*, actor: Actor, feed: NewFeed, modules: Iterable[Module], now: datetime) -> tuple[uuid.UUID, str]:
    """Subscribe to the list and return its id and its code; one with a URL is fetched at once.

    Raises Forbidden for a threat list without its module, ValidationFailed, TooManyFeeds, DuplicateFeed.
    """
    require_module(feed.kind, modules)
    require_sound(feed)
    rows = list(Feed.objects.for_organization(**actor.scope).select_for_update(of=("self",)).order_by("id"))
    if len(rows) >= MAXIMUM_FEEDS:
        raise TooManyFeeds.of_field("kind", f"there are {MAXIMUM_FEEDS} lists already")
    for row in rows:
        if row.kind == feed.kind and (row.title == feed.title or (feed.url and row.url == feed.url)):
            raise DuplicateFeed(details={"code": row.code})
    row = Feed.objects.create(
        **actor.scope,
        code=make_code(feed.title, taken=frozenset(each.code for each in rows)),
        kind=feed.kind.value,
        title=feed.title,
        source=feed.source,
        url=feed.url,
        licence=feed.licence,
        schedule_hours=feed.schedule_hours,
        stale_after_days=feed.stale_after_days,
        refresh_at=now if feed.url else None,
        created_by_id=actor.id if actor.kind is ActorKind.USER else None,
        created_at=now,
    )
    said = {"type": feed.kind.value, "name": feed.title, "url": feed.url, "schedule_hours": feed.schedule_hours}
    record_feed_event(actor=actor, event=FeedEvent.ADDED, code=row.code, payload=said, now=now)
    if feed.url:
        poke_once()
    return row.id, row.code


def require_module(kind: FeedKind, modules: Iterable[Module]) -> None:
    """Raise Forbidden for a threat list of an organization that has not contracted them (contract §1)."""
    if is_locked(kind, modules):
        module = Module.INTELLIGENCE.value
        raise Forbidden("The organization has not contracted this module.", details={"module": module})
