"""Local hours, days and months, across changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from transactions.moments import LocalMoments, make_local_moments

HOUR = timedelta(hours=1)


def _at(text: str, zone: str) -> LocalMoments:
    return make_local_moments(at=datetime.fromisoformat(text), timezone=zone)


def _show(moments: LocalMoments) -> list[tuple[str, str, float]]:
    return [
        (f"{span.begins_at:%m-%d %H:%M}", f"{span.ends_at:%m-%d %H:%M}", span.utc_offset / HOUR)
        for span in moments.month
    ]


def test_a_month_without_a_change_is_one_span_from_midnight_to_midnight() -> None:
    moments = _at("2026-11-22T18:30:00Z", "America/Mexico_City")
    assert (moments.local_hour, moments.today) == (12, date(2026, 11, 22))
    assert _show(moments) == [("10-23 06:00", "11-23 06:00", -6)]


def test_half_hour_zones_begin_their_days_at_half_past() -> None:
    moments = _at("2026-08-15T18:29:59.999999Z", "Asia/Kolkata")
    assert (moments.local_hour, moments.today) == (23, date(2026, 8, 15))
    assert _show(moments) == [("07-15 18:30", "08-15 18:30", 5.5)]
    assert _at("2026-08-15T18:30:00Z", "Asia/Kolkata").today == date(2026, 8, 16)


@pytest.mark.parametrize(
    ("zone", "at", "spans"),
    [
        ("America/New_York", "2026-03-20T12:00Z", [("02-18 05:00", "03-08 07:00", -5), ("03-08 07:00", "03-21 04:00", -4)]),
        ("America/New_York", "2026-11-01T12:00Z", [("10-02 04:00", "11-01 06:00", -4), ("11-01 06:00", "11-02 05:00", -5)]),
        ("Europe/Madrid", "2026-10-25T01:30Z", [("09-24 22:00", "10-25 01:00", 2), ("10-25 01:00", "10-25 23:00", 1)]),
        ("Europe/Madrid", "2026-10-25T00:30Z", [("09-24 22:00", "10-25 01:00", 2), ("10-25 01:00", "10-25 23:00", 1)]),
        ("Australia/Lord_Howe", "2026-04-20T00:00Z", [("03-20 13:00", "04-04 15:00", 11), ("04-04 15:00", "04-20 13:30", 10.5)]),
    ],
)  # fmt: skip
def test_a_change_of_the_clocks_divides_the_month(zone: str, at: str, spans: list[tuple[str, str, float]]) -> None:
    assert _show(_at(at, zone)) == spans


def test_a_day_without_a_midnight_begins_when_the_clocks_go_forward() -> None:
    moments = _at("2026-10-06T12:00:00Z", "America/Santiago")  # 30 days before, 00:00 was 01:00 at once
    assert _show(moments) == [("09-06 04:00", "10-07 03:00", -3)]
    assert _show(_at("2026-09-06T04:00:00Z", "America/Santiago"))[-1] == ("09-06 04:00", "09-07 03:00", -3)


def test_a_day_with_two_midnights_begins_at_the_first() -> None:
    moments = _at("2026-12-01T12:00:00Z", "America/Havana")  # 30 days before, 01:00 was 00:00 again
    assert _show(moments) == [("11-01 04:00", "11-01 05:00", -4), ("11-01 05:00", "12-02 05:00", -5)]


def test_the_hour_shown_twice_has_one_number_and_one_day() -> None:
    first, second = _at("2026-11-01T05:30:00Z", "America/New_York"), _at("2026-11-01T06:30:00Z", "America/New_York")
    assert first.local_hour == second.local_hour == 1
    assert first == second


@pytest.mark.parametrize("day", [datetime(2026, month, 20, 12, tzinfo=UTC) for month in (1, 4, 7, 10, 11)])
def test_in_every_zone_spans_follow_each_other_and_tell_its_time(day: datetime) -> None:
    for name in sorted(available_timezones() - {"localtime"}):
        zone, moments = ZoneInfo(name), make_local_moments(at=day, timezone=name)
        first, last = moments.month[0], moments.month[-1]
        assert first.begins_at.astimezone(zone).date() == day.astimezone(zone).date() - timedelta(days=30), name
        assert first.begins_at <= day < last.ends_at, name
        assert all(one.ends_at == other.begins_at for one, other in zip(moments.month, moments.month[1:], strict=False))
        for span in moments.month:
            for moment in (span.begins_at, span.ends_at - timedelta(microseconds=1)):
                assert moment.astimezone(zone).utcoffset() == span.utc_offset, name
