"""What becomes of lists, told as events. A list's title and address are no personal data."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from core.actor import Actor
from events.services.record import record


class FeedEvent(StrEnum):
    ADDED = "feed.added"
    SUBSCRIBED = "feed.subscribed"
    UNSUBSCRIBED = "feed.unsubscribed"
    RECEIVED = "feed.received"
    REFRESHED = "feed.refreshed"
    HELD = "feed.held"
    APPROVED = "feed.approved"
    DISCARDED = "feed.discarded"
    REFRESH_ASKED = "feed.refresh_asked"
    FAILED = "feed.failed"
    STALE = "feed.stale"


def record_feed_event(*, actor: Actor, event: FeedEvent, code: str, payload: dict[str, Any], now: datetime) -> None:
    """Record that it happened to the list of that code."""
    record(actor=actor, kind=event.value, subject_type="feed", subject_id=code, payload=payload, now=now)
