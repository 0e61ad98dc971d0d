"""A moment as an organization lives it: its hour, its day, its month of history.

PostgreSQL is never asked about time zones: its data may be of another year than Python's, it takes a name such as CET
for a fixed offset, and looking up a zone for each row costs more than reading the row.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

HISTORY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end not included, in which the local clocks keep one distance from UTC."""

    begins_at: datetime
    ends_at: datetime
    utc_offset: timedelta


@dataclass(frozen=True, slots=True)
class LocalMoments:
    """The local hour and day of a moment in a time zone.

    `month`: from the beginning of the local day 30 days before today to the end of today, in spans, oldest first.
    """

    timezone: str
    local_hour: int
    today: date
    month: tuple[Span, ...]


def make_local_moments(*, at: datetime, timezone: str) -> LocalMoments:
    """Return the moments that history needs, for an instant and an IANA time zone."""
    local = at.astimezone(_find_zone(timezone))
    today = local.date()
    return LocalMoments(timezone=timezone, local_hour=local.hour, today=today, month=_list_spans(timezone, today))


@lru_cache(maxsize=256)
def _find_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=256)
def _list_spans(timezone: str, today: date) -> tuple[Span, ...]:
    zone = _find_zone(timezone)
    days = [_begin_day(today + timedelta(days=days), zone) for days in range(-HISTORY_DAYS, 2)]
    changes = [_find_change(before, after, zone) for before, after in pairwise(days) if _differ(before, after, zone)]
    return tuple(
        Span(begin, end, _offset(begin, zone)) for begin, end in pairwise([days[0], *changes, days[-1]]) if begin < end
    )


def _begin_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the day's first instant: the first of two midnights, or the change of the clocks that leaves none."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _find_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which the clocks change, of two instants between which they do once."""
    seconds = range(int((after - before).total_seconds()))
    has_changed = 1
    place = bisect_left(
        seconds, has_changed, key=lambda passed: _differ(before, before + timedelta(seconds=passed), zone)
    )
    return before + timedelta(seconds=place)


def _differ(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return _offset(one, zone) != _offset(other, zone)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
