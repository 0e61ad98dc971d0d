"""What one identity did before a moment, counted from its events: pure, the one place where the windows are cut.

Seldom seen identities are counted from every event of their month. A busy one has a summary, what it did up to some
moment, and is counted from that, the events since, and those that have left a window since. Both give the same
figures; `tests/transactions/test_activity.py` and the recount of history hold them to it.

All windows end with, and include, the moment asked about. Amounts are integer minor units. Nothing overflows.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

import msgspec

from core.structs import make_ready
from transactions.moments import HISTORY_DAYS, LocalMoments, Span
from transactions.types import IdentityHistory, IdentityKind

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
HOURS_A_DAY = 24
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

type Bands = Sequence[tuple[int, int]]


class Segment(IntEnum):
    """Which part of an identity's past a row is of."""

    EVENTS = 1
    """Since the summary ended, or since the month began when there is none."""
    LEFT_DAY = 2
    """In the summary's last 24 hours, and out of them by now."""
    LEFT_HOUR = 3
    """In the summary's last hour, and out of it by now; one row with their number as its amount."""


class Event(NamedTuple):
    """One payment of an identity.

    For an event since a summary, `is_known` says that its pair was seen in the summary's 24 hours and `is_old` that it
    was seen before. Without one, `is_old` says that the pair was seen before the last 24 hours. For one that has left
    them, `is_known` says that the pair is in the 24 hours still, and `is_old` that it was there before the summary's.
    """

    segment: int
    at: datetime
    amount_minor: int
    currency: str
    counterparty: uuid.UUID | None
    is_known: bool
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The moment, the currency and the structuring bands that the counting is for."""

    at: datetime
    currency: str
    bands: Bands
    moments: LocalMoments


class ClosedDay(msgspec.Struct, array_like=True):
    """A local day, by its ordinal: events, those in the currency and their sum, events by hour of the day, and the
    most events in one hour that was over an hour before the summary's end."""

    ordinal: int
    events: int
    events_in_currency: int
    amount_minor: str
    by_hour: list[int]
    peak: int


class LateHour(msgspec.Struct, array_like=True):
    """An hour of the clock that was not yet over an hour before the summary's end, and its events."""

    clock: datetime
    ends_at: datetime
    events: int


class Summary(msgspec.Struct, kw_only=True):
    """What an identity did up to and with `until`; all its rows were counted for it at `counted_at`."""

    until: datetime
    counted_at: datetime = LONG_AGO  # one written before there was the field is counted again
    events_1h: int
    sum_24h_minor: str
    counterparties_24h: int
    new_counterparties_24h: int
    near_limit_24h: list[int]
    days: list[ClosedDay]
    late_hours: list[LateHour]


class HourOfClock(NamedTuple):
    """The events of one hour of the local clock: its beginning as the clock shows it, when it ends, and the counts."""

    clock: datetime
    ends_at: datetime
    events: int
    events_in_currency: int
    amount_minor: int


def write_bands(bands: Bands) -> str:
    """Return structuring bands as the text under which a summary that counted in them is known."""
    return ",".join(f"{lowest}-{highest}" for lowest, highest in bands)


def read_bands(text: str) -> Bands:
    """Return the bands that `write_bands` wrote."""
    pairs = (band.split("-") for band in text.split(",") if band)
    return tuple((int(lowest), int(highest)) for lowest, highest in pairs)


def read_summary(document: str) -> Summary:
    """Return a summary that was written by `write_summary`."""
    return msgspec.json.decode(document, type=make_ready(Summary))


def write_summary(summary: Summary) -> str:
    """Return a summary as a text; sums are written as texts, since they may be beyond 64 bits."""
    return msgspec.json.encode(summary).decode()


def measure(kind: IdentityKind, summary: Summary | None, events: Sequence[Event], asked: Asked) -> IdentityHistory:
    """Return what the identity did up to and with `asked.at`.

    `events` are all of the three segments; the summary must not end after `asked.at`, nor 24 hours or more before it.
    """
    since = [event for event in events if event.segment == Segment.EVENTS]
    today = [event for event in since if event.at > asked.at - DAY]
    left = [event for event in events if event.segment == Segment.LEFT_DAY]
    day = IdentityHistory(
        kind=kind,
        events_1h=_count_last_hour(summary, events, today, asked),
        sum_24h_minor=_sum_last_day(summary, today, left, asked.currency),
        counterparties_24h=_count_met(summary, today, left),
        new_counterparties_24h=_count_new(summary, today, left) if kind is IdentityKind.ORIGIN else 0,
        near_limit_24h=_count_near_limits(summary, today, left, asked),
    )
    return add_month(day, _gather_hours(since, asked), asked, summary=summary)


def add_month(
    day: IdentityHistory, hours: Sequence[HourOfClock], asked: Asked, *, summary: Summary | None = None
) -> IdentityHistory:
    """Return the figures of the last day with those of the month: of these hours, and of the summary's days."""
    month = _Month(asked, summary, hours)
    return msgspec.structs.replace(
        day,
        hourly_peak=month.hourly_peak(),
        daily_peak_minor=month.daily_peak(),
        closed_day_events=month.closed_day_events(),
        events_30d=month.events(),
        hour_events=month.same_hour_events(),
    )


# The last hour and the last 24: what the summary says, plus what came, less what left.


def _count_last_hour(summary: Summary | None, events: Sequence[Event], today: Sequence[Event], asked: Asked) -> int:
    begins_at = asked.at - HOUR
    came = sum(1 for event in today if event.at > begins_at)
    if summary is None or summary.until <= begins_at:
        return came
    gone = sum(event.amount_minor for event in events if event.segment == Segment.LEFT_HOUR)
    return summary.events_1h + came - gone


def _sum_last_day(summary: Summary | None, came: Sequence[Event], left: Sequence[Event], currency: str) -> int:
    before = int(summary.sum_24h_minor) if summary else 0
    return before + _sum(came, currency) - _sum(left, currency)


def _sum(events: Iterable[Event], currency: str) -> int:
    return sum(event.amount_minor for event in events if event.currency == currency)


def _count_near_limits(
    summary: Summary | None, came: Sequence[Event], left: Sequence[Event], asked: Asked
) -> tuple[int, ...]:
    before = summary.near_limit_24h if summary else [0] * len(asked.bands)
    return tuple(
        count + _count_in(came, band, asked.currency) - _count_in(left, band, asked.currency)
        for count, band in zip(before, asked.bands, strict=True)
    )


def _count_in(events: Iterable[Event], band: tuple[int, int], currency: str) -> int:
    lowest, highest = band
    return sum(1 for event in events if event.currency == currency and lowest <= event.amount_minor <= highest)


def _count_met(summary: Summary | None, came: Sequence[Event], left: Sequence[Event]) -> int:
    if summary is None:
        return len({event.counterparty for event in came if event.counterparty})
    return summary.counterparties_24h + _count_unless_known(came) - _count_unless_known(left)


def _count_unless_known(events: Iterable[Event]) -> int:
    return len({event.counterparty for event in events if event.counterparty and not event.is_known})


def _count_new(summary: Summary | None, came: Sequence[Event], left: Sequence[Event]) -> int:
    if summary is None:
        return _count_unless_old(came)
    return summary.new_counterparties_24h + _count_unless_old(came) - _count_unless_old(left)


def _count_unless_old(events: Iterable[Event]) -> int:
    return len({event.counterparty for event in events if event.counterparty and not event.is_old})


# The month: whole local days of the summary, and the hours of the clock since.


class _Month:
    """What fell on the local days since the one 30 days before the moment's own."""

    def __init__(self, asked: Asked, summary: Summary | None, hours: Sequence[HourOfClock]) -> None:
        self._asked = asked
        self._today = asked.moments.today.toordinal()
        first = self._today - HISTORY_DAYS
        self._days = [day for day in summary.days if day.ordinal >= first] if summary else []
        self._late = summary.late_hours if summary else []
        self._hours = hours

    def hourly_peak(self) -> int:
        """Return the most events in one hour of the clock that was over an hour ago; an hour shown twice is two."""
        over = _Hours([*self._late, *self._hours]).list_over(self._asked.at - HOUR)
        return max([*(events for _, events in over), *(day.peak for day in self._days)], default=0)

    def daily_peak(self) -> int:
        sums: Counter[int] = Counter()
        for day in self._days:
            sums[day.ordinal] += int(day.amount_minor)
        for hour in self._hours:
            sums[hour.clock.toordinal()] += hour.amount_minor
        return max((amount for ordinal, amount in sums.items() if ordinal < self._today), default=0)

    def closed_day_events(self) -> int:
        summed = sum(day.events_in_currency for day in self._days if day.ordinal < self._today)
        return summed + sum(hour.events_in_currency for hour in self._hours if hour.clock.toordinal() < self._today)

    def events(self) -> int:
        return sum(day.events for day in self._days) + sum(hour.events for hour in self._hours)

    def same_hour_events(self) -> int:
        local_hour = self._asked.moments.local_hour
        summed = sum(day.by_hour[local_hour] for day in self._days)
        return summed + sum(hour.events for hour in self._hours if hour.clock.hour == local_hour)


def _gather_hours(events: Iterable[Event], asked: Asked) -> list[HourOfClock]:
    """Return the hours of the clock in which events fell, each once."""
    found: list[HourOfClock] = []
    for span in asked.moments.month:
        found += _gather_hours_of(span, [event for event in events if span.begins_at <= event.at < span.ends_at], asked)
    return found


def _gather_hours_of(span: Span, events: Sequence[Event], asked: Asked) -> Iterable[HourOfClock]:
    """Return the hours of a span, counted from its first full hour of the clock: one division an event."""
    if not events:
        return []
    first_clock = (span.begins_at + span.utc_offset).replace(minute=0, second=0, microsecond=0)
    first = first_clock - span.utc_offset
    counts: dict[int, list[int]] = {}
    for event in events:
        hour = counts.setdefault((event.at - first) // HOUR, [0, 0, 0])
        hour[0] += 1
        if event.currency == asked.currency:
            hour[1] += 1
            hour[2] += event.amount_minor
    return [
        HourOfClock(first_clock + number * HOUR, first + (number + 1) * HOUR, *hour) for number, hour in counts.items()
    ]


# Summing up.


def sum_up(day: IdentityHistory, hours: Sequence[HourOfClock], *, until: datetime) -> Summary:
    """Return the summary as of `until`: what the last day was, and the hours of the whole month."""
    days = _Days([])
    for hour in hours:
        days.add(hour)
    return _write_down(day, days, _Hours(hours), until=until, counted_at=until)


def advance(kind: IdentityKind, summary: Summary, events: Sequence[Event], asked: Asked) -> Summary:
    """Return the summary as of `asked.at`: an earlier one with what came and without what left since.

    It says what `sum_up` would say of all the rows, but for the moment at which they were counted last. `events` are as
    for `measure`.
    """
    first = asked.moments.today.toordinal() - HISTORY_DAYS
    came = _gather_hours([event for event in events if event.segment == Segment.EVENTS], asked)
    days = _Days([day for day in summary.days if day.ordinal >= first])
    for hour in came:
        days.add(hour)
    hours = _Hours([*summary.late_hours, *came])
    day = measure(kind, summary, events, asked)
    return _write_down(day, days, hours, until=asked.at, counted_at=summary.counted_at)


class _Hours:
    """Events by hour of the clock; an hour that is shown twice is two."""

    def __init__(self, hours: Iterable[HourOfClock | LateHour]) -> None:
        self._counts: Counter[tuple[datetime, datetime]] = Counter()
        for hour in hours:
            self._counts[hour.ends_at, hour.clock] += hour.events

    def list_late(self, over: datetime) -> list[LateHour]:
        """Return those that end after that moment."""
        return [LateHour(clock, end, count) for (end, clock), count in sorted(self._counts.items()) if end > over]

    def list_over(self, over: datetime) -> list[tuple[datetime, int]]:
        """Return the clock and the events of those that end by then."""
        return [(clock, count) for (end, clock), count in self._counts.items() if end <= over]


class _Days:
    """The local days of a month, each with what fell on it."""

    def __init__(self, days: Iterable[ClosedDay]) -> None:
        self._days = {day.ordinal: msgspec.structs.replace(day, by_hour=list(day.by_hour)) for day in days}

    def add(self, hour: HourOfClock) -> None:
        day = self._days.setdefault(hour.clock.toordinal(), _make_day(hour.clock))
        day.events += hour.events
        day.events_in_currency += hour.events_in_currency
        day.amount_minor = str(int(day.amount_minor) + hour.amount_minor)
        day.by_hour[hour.clock.hour] += hour.events

    def note_peak(self, clock: datetime, events: int) -> None:
        day = self._days.get(clock.toordinal())
        if day is not None:
            day.peak = max(day.peak, events)

    def list_in_order(self) -> list[ClosedDay]:
        return [self._days[ordinal] for ordinal in sorted(self._days)]


def _make_day(clock: datetime) -> ClosedDay:
    return ClosedDay(clock.toordinal(), 0, 0, "0", [0] * HOURS_A_DAY, 0)


def _write_down(day: IdentityHistory, days: _Days, hours: _Hours, *, until: datetime, counted_at: datetime) -> Summary:
    over = until - HOUR
    for clock, events in hours.list_over(over):
        days.note_peak(clock, events)
    return Summary(
        until=until,
        events_1h=day.events_1h,
        sum_24h_minor=str(day.sum_24h_minor),
        counterparties_24h=day.counterparties_24h,
        new_counterparties_24h=day.new_counterparties_24h,
        near_limit_24h=list(day.near_limit_24h),
        days=days.list_in_order(),
        late_hours=hours.list_late(over),
        counted_at=counted_at,
    )
