"""Blocks of calls: one write for many calls of a busy key, and never one call more than the limit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import RateWindow
from accounts.throttling import RateLimitExceeded, RateSubject, count_call, forget_leases

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(seconds=60)
BUSY = RateSubject("busy", 20_000, None)


def _call(subject: RateSubject = BUSY, at: datetime = NOW) -> dict[str, str]:
    return count_call([subject], code="RATE_LIMIT_EXCEEDED", now=at)


def _counted() -> int:
    return RateWindow.objects.get().calls


@pytest.mark.django_db
def test_a_busy_key_s_counter_is_written_once_for_twenty_calls_and_each_call_is_told_apart() -> None:
    remaining = [int(_call()["X-RateLimit-Remaining"]) for _ in range(20)]
    assert remaining == list(range(19_999, 19_979, -1))
    assert _counted() == 20
    assert _call()["X-RateLimit-Remaining"] == "19979"
    assert _counted() == 40


@pytest.mark.django_db
def test_a_limit_below_six_thousand_is_counted_call_by_call() -> None:
    _call(RateSubject("k", 5_999, None))
    assert _counted() == 1


@pytest.mark.django_db
def test_another_process_has_a_block_of_its_own() -> None:
    _call()
    forget_leases()  # as a process that has none
    assert _call()["X-RateLimit-Remaining"] == "19979"
    assert _counted() == 40


@pytest.mark.django_db
def test_the_last_tenth_is_counted_call_by_call_and_the_limit_is_met_exactly() -> None:
    _call()
    RateWindow.objects.update(calls=18_000)
    for _ in range(19):
        _call()
    assert _call()["X-RateLimit-Remaining"] == "1999"  # a block of 20 begins the last tenth
    RateWindow.objects.update(calls=19_998)
    for _ in range(19):
        _call()
    assert [_call()["X-RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    with pytest.raises(RateLimitExceeded):
        _call()


@pytest.mark.django_db
def test_of_a_block_that_is_partly_over_the_limit_only_the_rest_is_granted() -> None:
    _call()
    forget_leases()
    RateWindow.objects.update(calls=19_990)
    assert [int(_call()["X-RateLimit-Remaining"]) for _ in range(10)] == list(range(9, -1, -1))
    with pytest.raises(RateLimitExceeded) as refusal:
        _call(at=NOW + timedelta(seconds=1))
    assert refusal.value.headers["X-RateLimit-Remaining"] == "0"


@pytest.mark.django_db
def test_what_is_left_of_a_block_does_not_outlive_its_window() -> None:
    _call()
    assert _call(at=NOW + MINUTE)["X-RateLimit-Remaining"] == "19999"
    assert _counted() == 20


@pytest.mark.django_db(transaction=True)
def test_threads_that_share_a_process_never_pass_the_limit() -> None:
    _call()
    forget_leases()
    RateWindow.objects.update(calls=19_900)

    def attempt(_: int) -> bool:
        try:
            _call()
        except RateLimitExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        admitted = sum(pool.map(attempt, range(160)))
    assert 100 - 7 * 20 <= admitted <= 100
    assert admitted > 0
