"""When an entry ends, and when somebody should look at it again before or after."""

from datetime import UTC, datetime, timedelta

from blocklists.rules.strength import is_in_force
from blocklists.types import LAST_YEAR, EntryState

DEFAULT_LIFE = timedelta(days=90)
"""How long a new entry acts unless it says otherwise, and how long one is prolonged for."""
LATEST_END = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=UTC)
EXPIRING_SOON = timedelta(days=30)
REVIEWED_BEFORE = timedelta(days=7)
REVIEWED_AFTER = timedelta(days=30)
"""An entry is looked at again from a week before its end, and until a month after it."""


def decide_state(*, is_active: bool, expires_at: datetime | None, at: datetime) -> EntryState:
    """Return whether an entry acts at that time, or why it does not."""
    if is_in_force(is_active=is_active, expires_at=expires_at, at=at):
        return EntryState.IN_FORCE
    return EntryState.EXPIRED if is_active else EntryState.OFF


def is_to_review(*, is_active: bool, expires_at: datetime | None, at: datetime) -> bool:
    """Say whether an entry that is switched on ends within a week, or ended within the last month."""
    return is_active and expires_at is not None and at - REVIEWED_AFTER < expires_at <= at + REVIEWED_BEFORE


def prolong(expires_at: datetime | None, *, at: datetime) -> datetime | None:
    """Return the end 90 days later, counted from `at` when it is over; what has no end keeps none.

    No end goes beyond the latest; one that stands there already is kept.
    """
    if expires_at is None:
        return None
    end = max(expires_at, at)
    return end if end >= LATEST_END else min(end + DEFAULT_LIFE, LATEST_END)
