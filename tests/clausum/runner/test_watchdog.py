"""What the database does not answer in time is given up from outside."""

import time
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import OperationalError, connection

from clausum.runner import watchdog
from clausum.runner.watchdog import Watchdog, Watched
from core.api.arrival import ARRIVED
from core.clock import read_monotonic_ms

pytestmark = pytest.mark.django_db(transaction=True)


def sleep_in_database(seconds: float) -> str:
    """Return the database's word once it has slept to the end; raises OperationalError when it was woken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'rested' FROM pg_sleep(%s)", [seconds])
        word: str = cursor.fetchone()[0]
        return word


@pytest.fixture
def dog(monkeypatch: pytest.MonkeyPatch) -> Watchdog:
    monkeypatch.setattr(watchdog, "MARGIN_MS", 50.0)
    made = Watchdog(deadline_ms=100)
    made.start()
    return made


def test_an_overdue_statement_is_cancelled_and_the_connection_serves_on(dog: Watchdog) -> None:
    sleep_in_database(0)
    before = connection.connection.pgconn.backend_pid
    started = time.monotonic()
    with (
        pytest.raises(OperationalError, match="canceling statement"),
        dog.watching("/api/v1/assess", since_ms=read_monotonic_ms()),
    ):
        sleep_in_database(20)
    assert time.monotonic() - started < 5
    sleep_in_database(0)
    assert connection.connection.pgconn.backend_pid == before


def test_a_connection_that_no_cancelling_frees_is_cut(dog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep_in_database(0)
    cut = connection.connection.pgconn.backend_pid
    monkeypatch.setattr(type(connection.connection), "cancel_safe", lambda self, *, timeout: None)
    with pytest.raises(OperationalError), dog.watching("/api/v1/assess/payout", since_ms=read_monotonic_ms()):
        sleep_in_database(20)
    assert connection.is_usable() is False
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [cut])
        assert cursor.fetchone() == (True,)


def test_an_overdue_request_does_not_connect_anew_and_the_next_one_does(dog: Watchdog) -> None:
    connection.close()
    with dog.watching("/api/v1/assess", since_ms=read_monotonic_ms() - 10_000):
        time.sleep(0.3)
        with pytest.raises(OperationalError, match="this request is overdue"):
            sleep_in_database(0)
    assert sleep_in_database(0) == "rested"


def test_other_requests_have_more_time(dog: Watchdog) -> None:
    with dog.watching("/api/v1/blocklists", since_ms=read_monotonic_ms()):
        assert sleep_in_database(0.4) == "rested"


def test_a_request_that_ended_is_left_alone(dog: Watchdog) -> None:
    with dog.watching("/api/v1/assess", since_ms=read_monotonic_ms() - 10_000):
        pass
    assert sleep_in_database(0.2) == "rested"


def test_the_application_is_told_when_the_request_arrived() -> None:
    seen: list[float] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ[ARRIVED])
        return [b"ok"]

    watched = Watched(application, watchdog=Watchdog(deadline_ms=1000), read_arrival=lambda: 12.5)
    assert list(watched({"PATH_INFO": "/", ARRIVED: "forged"}, None)) == [b"ok"]
    assert seen == [12.5]
