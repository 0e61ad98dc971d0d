"""When an organization is warned that a key is about to expire: 30, 7 and 1 days before, once each."""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
WARNED_DAYS = (1, 7, 30)


def decide_warning(
    *,
    expires_at: datetime,
    created_at: datetime,
    warned_for: datetime | None,
    warned_days: int | None,
    now: datetime,
) -> int | None:
    """Return which warning is due, or None; of several that were missed, the latest.

    `warned_for` is the expiry of which `warned_days` before was warned: a new expiry is warned of anew. A key that is
    younger than a warning's time does not get it.
    """
    reached = [days for days in WARNED_DAYS if expires_at - days * DAY <= now < expires_at]
    if not reached or created_at > expires_at - reached[0] * DAY:
        return None
    is_told = warned_for == expires_at and warned_days is not None and warned_days <= reached[0]
    return None if is_told else reached[0]


def count_days_left(*, expires_at: datetime, now: datetime) -> int:
    """Return the days until then, a day begun as a whole one."""
    return -((now - expires_at) // DAY)
