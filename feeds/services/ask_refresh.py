"""Asking for a list to be fetched now."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from accounts.types import Module
from core.actor import Actor
from core.errors import Duplicate
from core.unit_of_work import service
from feeds.builtin.lists import BUILTIN_BY_CODE
from feeds.queries import lock_feed
from feeds.services.add_feed import require_module
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.services.poke import poke_once
from feeds.types import FeedKind


class NotFetched(Duplicate):
    """The list has no address, or is turned off."""

    message: ClassVar[str] = "This list is not fetched: it has no address, or it is turned off."


@service
def ask_refresh(*, actor: Actor, code: str, modules: Iterable[Module], now: datetime) -> None:
    """Let the worker fetch the list at once; asked again before it did, nothing more happens.

    Raises FeedNotFound, NotFetched (409), Forbidden without the module.
    """
    if code in BUILTIN_BY_CODE:
        raise NotFetched
    row = lock_feed(**actor.scope, code=code)
    require_module(FeedKind(row.kind), modules)
    if not row.url or not row.is_active:
        raise NotFetched
    if row.refresh_at is None or row.refresh_at > now:
        row.refresh_at = now
        row.save(update_fields=["refresh_at"])
        record_feed_event(actor=actor, event=FeedEvent.REFRESH_ASKED, code=code, payload={}, now=now)
    poke_once()
