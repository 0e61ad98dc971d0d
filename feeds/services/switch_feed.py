"""Subscribing to a list and unsubscribing, own or Clausum's; it holds for the next payment."""

from collections.abc import Iterable
from datetime import datetime

from accounts.types import Module
from core.actor import Actor, ActorKind
from core.unit_of_work import service
from feeds.builtin.lists import BUILTIN_BY_CODE
from feeds.models import MutedFeed
from feeds.queries import lock_feed
from feeds.services.add_feed import require_module
from feeds.services.feed_events import FeedEvent, record_feed_event
from feeds.services.poke import poke_once
from feeds.types import FeedKind


@service
def switch_feed(*, actor: Actor, code: str, is_on: bool, modules: Iterable[Module], now: datetime) -> bool:
    """Turn the list on or off and say whether that changed anything.

    Raises FeedNotFound, Forbidden for turning on a threat list whose module is not contracted.
    """
    is_changed = _switch_builtin(actor, code, is_on, now) if code in BUILTIN_BY_CODE else False
    if code not in BUILTIN_BY_CODE:
        is_changed = _switch_own(actor, code, is_on, modules, now)
    if is_changed:
        event = FeedEvent.SUBSCRIBED if is_on else FeedEvent.UNSUBSCRIBED
        record_feed_event(actor=actor, event=event, code=code, payload={}, now=now)
    return is_changed


def _switch_builtin(actor: Actor, code: str, is_on: bool, now: datetime) -> bool:
    rows = MutedFeed.objects.for_organization(**actor.scope).filter(code=code)
    if is_on:
        return rows.delete()[0] > 0
    if rows.exists():
        return False
    who = actor.id if actor.kind is ActorKind.USER else None
    MutedFeed.objects.create(**actor.scope, code=code, muted_by_id=who, muted_at=now)
    return True


def _switch_own(actor: Actor, code: str, is_on: bool, modules: Iterable[Module], now: datetime) -> bool:
    row = lock_feed(**actor.scope, code=code)
    if is_on:
        require_module(FeedKind(row.kind), modules)
    if row.is_active == is_on:
        return False
    row.is_active = is_on
    fields = ["is_active"]
    if is_on and row.url:  # it may be old by now
        row.refresh_at = now
        fields.append("refresh_at")
        poke_once()
    row.save(update_fields=fields)
    return True
