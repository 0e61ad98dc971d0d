from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.key_warnings import count_days_left, decide_warning

EXPIRY = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
LONG_AGO = EXPIRY - timedelta(days=365)
MINUTE = timedelta(minutes=1)


def _decide(
    left: timedelta, *, created_at: datetime = LONG_AGO, told: int | None = None, told_for: datetime | None = EXPIRY
) -> int | None:
    return decide_warning(
        expires_at=EXPIRY,
        created_at=created_at,
        warned_for=told_for if told else None,
        warned_days=told,
        now=EXPIRY - left,
    )


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (timedelta(days=30) + MINUTE, None),
        (timedelta(days=30), 30),
        (timedelta(days=7) + MINUTE, 30),
        (timedelta(days=7), 7),
        (timedelta(days=1) + MINUTE, 7),
        (timedelta(days=1), 1),
        (MINUTE, 1),
        (timedelta(), None),
        (-MINUTE, None),
    ],
)
def test_the_latest_warning_reached_is_due(left: timedelta, due: int | None) -> None:
    assert _decide(left) == due


@pytest.mark.parametrize(("told", "left", "due"), [(30, 20, None), (30, 7, 7), (7, 6, None), (1, 1, None), (7, 1, 1)])
def test_each_is_given_once(told: int, left: int, due: int | None) -> None:
    assert _decide(timedelta(days=left), told=told) == due


def test_another_expiry_is_warned_of_anew() -> None:
    assert _decide(timedelta(days=29), told=1, told_for=EXPIRY - timedelta(days=90)) == 30


def test_a_key_younger_than_the_warnings_time_does_not_get_it() -> None:
    made = EXPIRY - timedelta(days=10)
    assert _decide(timedelta(days=9), created_at=made) is None
    assert _decide(timedelta(days=7), created_at=made) == 7


@pytest.mark.parametrize(("left", "days"), [(timedelta(days=7), 7), (timedelta(days=6, hours=1), 7), (MINUTE, 1)])
def test_a_day_begun_is_a_day_left(left: timedelta, days: int) -> None:
    assert count_days_left(expires_at=EXPIRY, now=EXPIRY - left) == days
