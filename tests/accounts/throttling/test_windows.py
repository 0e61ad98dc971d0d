"""What a client is told of its limits, without a store."""

from datetime import UTC, datetime, timedelta

from accounts.throttling.windows import (
    Count,
    RateSubject,
    Window,
    describe_count,
    find_tightest,
    make_windows,
    seconds_until,
)

NOW = datetime(2026, 11, 22, 23, 59, 30, 250_000, tzinfo=UTC)


def _count(*, limit: int, calls: int, seconds: float = 60, name: str = "k:m") -> Count:
    ends_at = NOW + timedelta(seconds=seconds)
    return Count(Window(name, limit, ends_at, is_shown=True), calls, ends_at)


def test_a_subject_without_limits_has_no_windows() -> None:
    assert make_windows(RateSubject("k", None, None), now=NOW) == ()


def test_the_minute_begins_now_and_the_day_ends_at_midnight_utc() -> None:
    assert make_windows(RateSubject("k", 10, 100), now=NOW) == (
        Window("k:m", 10, NOW + timedelta(seconds=60), is_shown=True),
        Window("k:d", 100, datetime(2026, 11, 23, tzinfo=UTC), is_shown=True),
    )


def test_the_tightest_window_has_the_fewest_calls_left() -> None:
    minute, day = _count(limit=10, calls=3), _count(limit=100, calls=98, seconds=5000)
    assert find_tightest([minute, day]) is day


def test_of_two_windows_with_as_few_calls_left_the_one_that_ends_last_is_told() -> None:
    minute, day = _count(limit=10, calls=12), _count(limit=100, calls=100, seconds=5000)
    assert find_tightest([minute, day]) is day


def test_there_is_no_tightest_of_no_windows() -> None:
    assert find_tightest([]) is None


def test_the_headers_count_down_to_zero_and_no_further_and_round_the_reset_up() -> None:
    assert describe_count(_count(limit=3, calls=5)) == {
        "X-RateLimit-Limit": "3",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(NOW.timestamp()) + 61),
    }


def test_the_last_call_within_the_limit_is_not_over_it() -> None:
    assert not _count(limit=3, calls=3).is_over
    assert _count(limit=3, calls=4).is_over


def test_retry_after_is_rounded_up_and_never_below_one_second() -> None:
    assert seconds_until(NOW + timedelta(seconds=2.1), now=NOW) == 3
    assert seconds_until(NOW, now=NOW) == 1
    assert seconds_until(NOW - timedelta(seconds=9), now=NOW) == 1
