"""The windows of history, and summaries of them. The recount of history holds both to the contract's words."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec

from transactions.activity import (
    Asked,
    ClosedDay,
    Event,
    HourOfClock,
    Segment,
    Summary,
    add_month,
    advance,
    measure,
    read_bands,
    read_summary,
    sum_up,
    write_bands,
    write_summary,
)
from transactions.moments import make_local_moments
from transactions.types import IdentityHistory, IdentityKind

AT = datetime(2026, 6, 15, 18, 30, tzinfo=UTC)  # 12:30 in Mexico City, six hours behind
ZONE = "America/Mexico_City"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BIG = 10**15


def _ask(at: datetime = AT, *, bands: tuple[tuple[int, int], ...] = ((90, 99),), timezone: str = ZONE) -> Asked:
    return Asked(at=at, currency="MXN", bands=bands, moments=make_local_moments(at=at, timezone=timezone))


def _event(
    at: datetime,
    amount: int = 1,
    *,
    segment: Segment = Segment.EVENTS,
    to: int | None = None,
    is_known: bool = False,
    is_old: bool = False,
    currency: str = "MXN",
) -> Event:
    return Event(segment, at, amount, currency, uuid.UUID(int=to) if to else None, is_known, is_old)


def _summary(until: datetime = AT - HOUR / 4, **figures: object) -> Summary:
    empty = Summary(
        until=until,
        counted_at=until,
        events_1h=0,
        sum_24h_minor="0",
        counterparties_24h=0,
        new_counterparties_24h=0,
        near_limit_24h=[0],
        days=[],
        late_hours=[],
    )
    return msgspec.structs.replace(empty, **figures)


def test_nothing_is_nothing() -> None:
    empty = IdentityHistory(kind=IdentityKind.EMAIL, near_limit_24h=(0,))
    assert measure(IdentityKind.EMAIL, None, [], _ask()) == empty
    assert measure(IdentityKind.EMAIL, _summary(), [], _ask()) == empty


def test_events_fall_into_their_windows() -> None:
    events = [
        _event(AT, 95, to=1),
        _event(AT - HOUR, 90, to=1),
        _event(AT - DAY, 99, to=2),
        _event(AT - DAY + MINUTE, 100, to=3, is_old=True),
        _event(AT - MINUTE, 95, to=4, currency="USD"),
    ]
    found = measure(IdentityKind.ORIGIN, None, events, _ask())
    assert found == IdentityHistory(
        kind=IdentityKind.ORIGIN,
        events_1h=2,
        sum_24h_minor=285,
        hourly_peak=2,
        daily_peak_minor=199,
        closed_day_events=2,
        events_30d=5,
        hour_events=4,
        counterparties_24h=3,
        new_counterparties_24h=2,
        near_limit_24h=(2,),
    )


def test_an_account_has_no_new_counterparties() -> None:
    events = [_event(AT, to=1)]
    assert measure(IdentityKind.BENEFICIARY, None, events, _ask()).new_counterparties_24h == 0


def test_what_came_is_added_to_a_summary_and_what_left_is_taken_off() -> None:
    summary = _summary(
        events_1h=10, sum_24h_minor=str(BIG), counterparties_24h=5, new_counterparties_24h=4, near_limit_24h=[3]
    )
    events = [
        _event(AT - MINUTE, 95, to=1),
        _event(AT - 2 * MINUTE, 1, to=1),
        _event(AT - MINUTE, 1, to=2, is_known=True, is_old=True),
        _event(AT - MINUTE, 1, to=3, is_old=True),
        _event(AT - DAY - MINUTE, 91, segment=Segment.LEFT_DAY, to=7),
        _event(AT - DAY - MINUTE, 1, segment=Segment.LEFT_DAY, to=8, is_known=True),
        _event(AT - DAY - MINUTE, 1, segment=Segment.LEFT_DAY, to=9, is_old=True),
        _event(summary.until, 6, segment=Segment.LEFT_HOUR),
    ]
    found = measure(IdentityKind.ORIGIN, summary, events, _ask())
    assert found.events_1h == 10 + 4 - 6
    assert found.sum_24h_minor == BIG + 98 - 93
    assert found.counterparties_24h == 5 + 2 - 2
    assert found.new_counterparties_24h == 4 + 1 - 2
    assert found.near_limit_24h == (3 + 1 - 1,)


def test_a_summary_of_over_an_hour_ago_says_nothing_of_the_last_hour() -> None:
    summary = _summary(AT - HOUR, events_1h=10)
    events = [_event(AT - MINUTE), _event(AT - HOUR + MINUTE), _event(summary.until, 9, segment=Segment.LEFT_HOUR)]
    assert measure(IdentityKind.EMAIL, summary, events, _ask()).events_1h == 2


def _day(days_ago: int, *, events: int = 5, amount: int = 50, peak: int = 2, hour: int = 12) -> ClosedDay:
    by_hour = [0] * 24
    by_hour[hour] = events
    ordinal = (AT - timedelta(days=days_ago)).toordinal()
    return ClosedDay(ordinal, events, events - 1, str(amount), by_hour, peak)


def test_a_summary_s_days_count_for_thirty_days_and_today_s_is_not_closed() -> None:
    days = [_day(31, amount=9_000, peak=90), _day(30, amount=70, peak=4), _day(1), _day(0, amount=8_000, hour=3)]
    found = measure(IdentityKind.EMAIL, _summary(days=days), [], _ask())
    assert (found.events_30d, found.hour_events) == (15, 10)
    assert (found.hourly_peak, found.daily_peak_minor, found.closed_day_events) == (4, 70, 8)


def test_an_hour_that_was_not_over_when_it_was_summed_up_becomes_the_peak_once_it_is() -> None:
    """The hour from 11 to 12 goes on after the summary at 11:40, and is over an hour ago at 13:00, not before."""
    until = AT - 50 * MINUTE
    hours = [HourOfClock(datetime(2026, 6, 15, 11, tzinfo=UTC), AT - HOUR / 2, 3, 3, 3)]
    summary = sum_up(IdentityHistory(kind=IdentityKind.EMAIL), hours, until=until)
    later = [_event(until + MINUTE)]
    assert measure(IdentityKind.EMAIL, summary, later, _ask(AT + HOUR / 2 - MINUTE, bands=())).hourly_peak == 0
    assert measure(IdentityKind.EMAIL, summary, later, _ask(AT + HOUR / 2, bands=())).hourly_peak == 4


def test_a_summary_brought_up_to_date_counts_what_came_on_its_days_and_forgets_the_thirty_first() -> None:
    before = _summary(AT - HOUR, days=[_day(31), _day(30), _day(0)], sum_24h_minor="50")
    events = [_event(AT - MINUTE, 7), _event(AT - MINUTE, 8, currency="USD")]
    after = advance(IdentityKind.EMAIL, before, events, _ask())
    by_hour = [0] * 24
    by_hour[12] = 7
    today = ClosedDay(_day(0).ordinal, 7, 5, "57", by_hour, 2)
    assert (after.until, after.counted_at, after.sum_24h_minor) == (AT, before.counted_at, "57")
    assert after.days == [_day(30), today]
    assert before.days == [_day(31), _day(30), _day(0)]


def test_an_hour_becomes_its_day_s_peak_when_it_is_over_though_its_events_came_before_and_after_a_summary() -> None:
    until = AT - 50 * MINUTE
    hours = [HourOfClock(datetime(2026, 6, 15, 11, tzinfo=UTC), AT - HOUR / 2, 3, 3, 3)]
    summary = sum_up(IdentityHistory(kind=IdentityKind.EMAIL), hours, until=until)
    assert ([day.peak for day in summary.days], summary.late_hours[0].events) == ([0], 3)
    soon = advance(IdentityKind.EMAIL, summary, [_event(until + MINUTE)], _ask(AT + HOUR / 2 - MINUTE, bands=()))
    assert ([day.peak for day in soon.days], soon.late_hours[0].events) == ([0], 4)
    later = advance(IdentityKind.EMAIL, soon, [], _ask(AT + HOUR / 2, bands=()))
    assert ([day.peak for day in later.days], later.late_hours) == ([4], [])


def test_a_summary_is_read_as_it_was_written_however_large_its_sums() -> None:
    summary = _summary(sum_24h_minor=str(10**30), days=[_day(1, amount=10**30)])
    assert read_summary(write_summary(summary)) == summary


def test_bands_are_read_as_they_were_written() -> None:
    assert read_bands(write_bands([(1, 2), (30, 40)])) == ((1, 2), (30, 40))
    assert read_bands(write_bands([])) == ()


def test_the_month_is_added_to_a_day_that_was_counted_otherwise() -> None:
    day = IdentityHistory(kind=IdentityKind.EMAIL, events_1h=3)
    hours = [HourOfClock(datetime(2026, 6, 14, 12, tzinfo=UTC), AT - DAY, 7, 6, 10**20)]
    found = add_month(day, hours, _ask())
    assert (found.events_1h, found.events_30d, found.closed_day_events) == (3, 7, 6)
    assert (found.hourly_peak, found.daily_peak_minor, found.hour_events) == (7, 10**20, 7)
