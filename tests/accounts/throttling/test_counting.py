"""Counting in PostgreSQL, the store when there is no Redis."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import RateWindow
from accounts.throttling import (
    RateLimited,
    RateLimitExceeded,
    RateLimitStoreUnavailable,
    RateSubject,
    count_call,
    counting,
)
from core.sql import Statement, run_statement

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(seconds=60)


def _call(*subjects: RateSubject, at: datetime = NOW) -> dict[str, str]:
    return count_call(subjects, code="RATE_LIMIT_EXCEEDED", now=at)


def _remaining(*subjects: RateSubject, at: datetime = NOW) -> str:
    return _call(*subjects, at=at)["X-RateLimit-Remaining"]


def _calls() -> dict[str, int]:
    return dict(RateWindow.objects.values_list("subject", "calls"))


@pytest.mark.django_db
def test_no_limit_is_no_header_no_row_and_no_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "run_statement", None)
    assert _call(RateSubject("k", None, None)) == {}
    assert _calls() == {}


@pytest.mark.django_db
def test_each_call_leaves_one_less() -> None:
    subject = RateSubject("k", 3, None)
    reset = str(int((NOW + MINUTE).timestamp()))
    assert _call(subject) == {"X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2", "X-RateLimit-Reset": reset}
    assert _remaining(subject, at=NOW + timedelta(seconds=10)) == "1"
    assert _remaining(subject, at=NOW + timedelta(seconds=59)) == "0"


@pytest.mark.django_db
def test_the_call_over_the_limit_is_refused_until_the_window_ends() -> None:
    subject = RateSubject("k", 1, None)
    _call(subject)
    with pytest.raises(RateLimitExceeded) as refusal:
        _call(subject, at=NOW + timedelta(seconds=20))
    assert (refusal.value.status, refusal.value.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert refusal.value.headers == {
        "X-RateLimit-Limit": "1",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int((NOW + MINUTE).timestamp())),
        "Retry-After": "40",
    }


@pytest.mark.django_db
def test_people_are_refused_with_their_own_code() -> None:
    subject = RateSubject("u", 1, None)
    count_call([subject], code="RATE_LIMITED", now=NOW)
    with pytest.raises(RateLimited) as refusal:
        count_call([subject], code="RATE_LIMITED", now=NOW)
    assert refusal.value.code == "RATE_LIMITED"


@pytest.mark.django_db
def test_a_window_begins_with_its_first_call_not_with_the_clock_s_minute() -> None:
    subject = RateSubject("k", 1, None)
    first = NOW + timedelta(seconds=45)
    _call(subject, at=first)
    with pytest.raises(RateLimitExceeded):
        _call(subject, at=first + timedelta(seconds=59.999))
    assert _remaining(subject, at=first + MINUTE) == "0"
    row = RateWindow.objects.get()
    assert (row.began_at, row.ends_at, row.calls) == (first + MINUTE, first + 2 * MINUTE, 1)


@pytest.mark.django_db
def test_a_window_over_its_limit_is_not_lengthened_and_refuses_on_without_a_write() -> None:
    subject = RateSubject("k", 1, None)
    _call(subject)
    for second in (1, 2, 3):
        with pytest.raises(RateLimitExceeded) as refusal:
            _call(subject, at=NOW + timedelta(seconds=second))
        assert refusal.value.headers["Retry-After"] == str(60 - second)
    row = RateWindow.objects.get()
    assert (row.calls, row.ends_at) == (2, NOW + MINUTE)
    assert _remaining(subject, at=NOW + MINUTE) == "0"


@pytest.mark.django_db
def test_a_limit_that_was_raised_is_asked_for_anew() -> None:
    _call(RateSubject("k", 1, None))
    with pytest.raises(RateLimitExceeded):
        _call(RateSubject("k", 1, None))
    assert _remaining(RateSubject("k", 9, None)) == "6"


@pytest.mark.django_db
def test_a_day_is_utc_s_and_ends_at_midnight() -> None:
    subject = RateSubject("k", None, 1)
    late = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert _call(subject, at=late)["X-RateLimit-Reset"] == str(int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()))
    assert _remaining(subject, at=late + timedelta(seconds=1)) == "0"


@pytest.mark.django_db
def test_of_minute_and_day_the_tighter_one_is_told() -> None:
    subject = RateSubject("k", 10, 5)
    assert _call(subject)["X-RateLimit-Limit"] == "5"
    assert _call(RateSubject("other", 10, 500))["X-RateLimit-Limit"] == "10"


@pytest.mark.django_db
def test_the_day_s_limit_refuses_when_the_minute_s_does_not() -> None:
    subject = RateSubject("k", 10, 1)
    _call(subject)
    with pytest.raises(RateLimitExceeded) as refusal:
        _call(subject, at=NOW + 2 * MINUTE)
    assert refusal.value.headers["X-RateLimit-Limit"] == "1"
    assert refusal.value.headers["Retry-After"] == str(12 * 3600 - 120)


@pytest.mark.django_db
def test_what_is_not_shown_is_told_only_when_it_refuses() -> None:
    address, key = RateSubject("k:192.0.2.1", 1, None, is_shown=False), RateSubject("k", 9, None)
    assert _call(address, key)["X-RateLimit-Limit"] == "9"
    with pytest.raises(RateLimitExceeded) as refusal:
        _call(address, key)
    assert refusal.value.headers["X-RateLimit-Limit"] == "1"


@pytest.mark.django_db
def test_a_call_refused_at_one_gate_is_not_counted_behind_it() -> None:
    key = RateSubject("k", 9, 90)
    flooder, visitor = (RateSubject(f"k:192.0.2.{n}", 1, None, is_shown=False) for n in (1, 2))
    _call(flooder, key)
    for _ in range(5):
        with pytest.raises(RateLimitExceeded):
            _call(flooder, key)
    assert _remaining(visitor, key) == "7"
    assert _calls() == {"k:192.0.2.1:m": 6, "k:192.0.2.2:m": 1, "k:m": 2, "k:d": 2}


@pytest.mark.django_db
def test_all_windows_of_a_call_are_counted_in_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def remember(statement: Statement) -> list[Any]:
        ran.append(statement.sql)
        return run_statement(statement)

    monkeypatch.setattr(counting, "run_statement", remember)
    _call(RateSubject("a", 5, None, is_shown=False), RateSubject("k", 5, 50))
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_calls_are_counted_exactly() -> None:
    limit, calls = 40, 120

    def attempt(_: int) -> bool:
        try:
            _call(RateSubject("k:192.0.2.1", 100, None, is_shown=False), RateSubject("k", limit, 1000))
        except RateLimitExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        admitted = sum(pool.map(attempt, range(calls)))
    assert admitted == limit
    assert _calls() == {"k:192.0.2.1:m": 120, "k:m": 100, "k:d": 100}


@pytest.mark.django_db
def test_a_store_that_fails_is_a_503_and_never_a_silent_pass() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_ratewindow RENAME TO hidden")
        with pytest.raises(RateLimitStoreUnavailable) as refusal:
            _call(RateSubject("k", 3, None))
        transaction.set_rollback(True)
    assert (refusal.value.status, refusal.value.code) == (503, "RATE_LIMIT_STORE_UNAVAILABLE")
    assert refusal.value.headers == {"Retry-After": "1"}


@pytest.mark.django_db
def test_the_table_is_unlogged_so_that_counting_waits_for_no_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'accounts_ratewindow'")
        assert cursor.fetchone() == ("u",)
