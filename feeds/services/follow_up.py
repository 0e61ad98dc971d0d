"""What the worker notes of a list: that it is being fetched, that it could not be, and that it has become too old."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import service
from feeds.queries import lock_feed
from feeds.rules.refreshing import find_next_refresh, is_stale
from feeds.services.feed_events import FeedEvent, record_feed_event


@service
def claim_refresh(*, actor: Actor, feed_id: uuid.UUID, now: datetime) -> str | None:
    """Return the address to fetch now, once: the next turn is an hour away until it is known how this one ended.

    None when somebody else has it, or it is not due any more. Raises FeedNotFound.
    """
    row = lock_feed(**actor.scope, id=feed_id)
    if not row.url or not row.is_active or row.refresh_at is None or row.refresh_at > now:
        return None
    row.refresh_at = find_next_refresh(now=now, schedule_hours=row.schedule_hours or 1, has_failed=True)
    row.save(update_fields=["refresh_at"])
    return row.url


@service
def note_failure(*, actor: Actor, feed_id: uuid.UUID, fault: str, now: datetime) -> None:
    """Note why nothing came; an event tells it once, until the reason is another or something came.

    Raises FeedNotFound.
    """
    row = lock_feed(**actor.scope, id=feed_id)
    is_new = row.failure != fault
    row.failure, row.failed_at = fault, now
    row.refresh_at = find_next_refresh(now=now, schedule_hours=row.schedule_hours, has_failed=True)
    row.save(update_fields=["failure", "failed_at", "refresh_at"])
    if is_new:
        record_feed_event(actor=actor, event=FeedEvent.FAILED, code=row.code, payload={"reason": fault}, now=now)


@service
def tell_stale(*, actor: Actor, feed_id: uuid.UUID, now: datetime) -> bool:
    """Record once that the list is older than it should be, and say whether it is. Raises FeedNotFound."""
    row = lock_feed(**actor.scope, id=feed_id)
    is_old = is_stale(confirmed_at=row.confirmed_at, stale_after_days=row.stale_after_days, now=now)
    if not is_old or row.stale_told_at is not None:
        return False
    row.stale_told_at = now
    row.save(update_fields=["stale_told_at"])
    said = {"stale_after_days": row.stale_after_days, "as_of": row.as_of.isoformat() if row.as_of else None}
    record_feed_event(actor=actor, event=FeedEvent.STALE, code=row.code, payload=said, now=now)
    return True
