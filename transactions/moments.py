"""A moment as an organization lives it: its hour, its day, its month of history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HISTORY_DAYS = 30


@dataclass(frozen=True, slots=True)
class LocalMoments:
    """`today` and `open_hour` are local wall-clock times without a zone, as PostgreSQL's `AT TIME ZONE` gives them.

    `open_hour`: hours that begin before it were over an hour ago. `month_start`: local midnight 30 days before today.
    """

    timezone: str
    local_hour: int
    today: datetime
    open_hour: datetime
    month_start: datetime


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def make_local_moments(*, at: datetime, timezone: str) -> LocalMoments:
    """Return the moments that history needs, for an instant and an IANA time zone."""
    zone = _zone(timezone)
    local = at.astimezone(zone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    hour_ago = (at - timedelta(hours=1)).astimezone(zone)
    return LocalMoments(
        timezone=timezone,
        local_hour=local.hour,
        today=today.replace(tzinfo=None),
        open_hour=hour_ago.replace(minute=0, second=0, microsecond=0, tzinfo=None),
        month_start=today - timedelta(days=HISTORY_DAYS),
    )
