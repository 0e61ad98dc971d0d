"""What becomes of a list that was read anew, and when it is due or out of date."""

from datetime import datetime, timedelta

from feeds.types import FeedHealth, ReviewReason

LEAST_SHARE = 0.5
"""A list that loses more than half of its entries at once was cut off or taken over, until a person says no."""
MOST_GROWTH = 3
FREE_GROWTH = 1_000
"""How many times as many entries a list may have at once, and how many more in any case: a short list grows fast."""
MOST_BREADTH = 1 / 64
"""Of all addresses, in the networks that a version adds: more than that flags whole countries' good payers."""
RETRY_AFTER = timedelta(hours=1)


def decide_review(*, entries: int, before: int, is_mostly_unreadable: bool, breadth: float = 0) -> ReviewReason | None:
    """Return why a person must look at the version first, or None when it may come into force.

    `breadth` is which share of all addresses the networks hold that it adds.
    """
    if entries == 0:
        return ReviewReason.EMPTY
    if is_mostly_unreadable:
        return ReviewReason.UNREADABLE
    if entries < before * LEAST_SHARE:
        return ReviewReason.SHRUNK
    if breadth > MOST_BREADTH:
        return ReviewReason.BROAD
    return ReviewReason.GROWN if before and entries > before * MOST_GROWTH + FREE_GROWTH else None


def find_next_refresh(*, now: datetime, schedule_hours: int | None, has_failed: bool = False) -> datetime | None:
    """Return when to ask the source again; after a failure within the hour. None when there is no schedule."""
    if schedule_hours is None:
        return None
    wait = timedelta(hours=schedule_hours)
    return now + (min(wait, RETRY_AFTER) if has_failed else wait)


def is_stale(*, confirmed_at: datetime | None, stale_after_days: int | None, now: datetime) -> bool:
    """Say whether the list is older than it should be; one that was never read is not yet."""
    if confirmed_at is None or stale_after_days is None:
        return False
    return now - confirmed_at > timedelta(days=stale_after_days)


def decide_health(*, is_waiting: bool, is_to_review: bool, has_failed: bool, is_old: bool) -> FeedHealth:
    """Return the one word for how a list stands."""
    if is_to_review:
        return FeedHealth.TO_REVIEW
    if is_old:
        return FeedHealth.STALE
    if has_failed:
        return FeedHealth.FAILING
    return FeedHealth.WAITING if is_waiting else FeedHealth.CURRENT
