"""Counting in Redis, with a server of the test's own."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis, RedisError

from accounts.throttling import (
    RateLimitExceeded,
    RateLimitStoreUnavailable,
    RateSubject,
    check_rate_store,
    count_call,
)

pytestmark = pytest.mark.service

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _find_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A Redis that keeps nothing, and its process."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed (apt-get install redis-server)")
    port, folder = _find_free_port(), tmp_path_factory.mktemp("redis")
    command = [
        binary,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for(url)
        yield url, process
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    with closing(Redis.from_url(url)) as client:
        for _ in range(200):
            try:
                client.ping()
            except RedisError:
                time.sleep(0.05)
            else:
                return
    pytest.fail("redis-server did not start")


@pytest.fixture
def client(server: tuple[str, Any], settings: Any) -> Iterator[Redis]:
    """The store that the settings name, emptied."""
    settings.RATE_STORE_URL = server[0]
    with closing(Redis.from_url(server[0], decode_responses=True)) as client:
        client.flushall()
        yield client


def _call(*subjects: RateSubject, at: datetime = NOW) -> dict[str, str]:
    return count_call(subjects, code="RATE_LIMIT_EXCEEDED", now=at)


def _calls(client: Redis) -> dict[str, int]:
    keys = [str(key) for key in client.keys("*")]
    return {key.removeprefix("clausum:rate:"): int(client.get(key) or 0) for key in keys}


def test_each_call_leaves_one_less_and_the_window_lasts_sixty_seconds(client: Redis) -> None:
    subject = RateSubject("k", 3, None)
    assert _call(subject) == {
        "X-RateLimit-Limit": "3",
        "X-RateLimit-Remaining": "2",
        "X-RateLimit-Reset": str(int((NOW + timedelta(seconds=60)).timestamp())),
    }
    assert _call(subject)["X-RateLimit-Remaining"] == "1"
    assert 59_000 < client.pttl("clausum:rate:k:m") <= 60_000


def test_the_call_over_the_limit_is_refused_until_the_window_ends(client: Redis) -> None:
    subject = RateSubject("k", 1, None)
    _call(subject)
    with pytest.raises(RateLimitExceeded) as refusal:
        _call(subject)
    assert refusal.value.headers["X-RateLimit-Remaining"] == "0"
    assert refusal.value.headers["Retry-After"] == "60"
    client.pexpire("clausum:rate:k:m", 1)
    time.sleep(0.02)
    assert _call(subject)["X-RateLimit-Remaining"] == "0"


def test_a_day_ends_at_midnight_utc(client: Redis) -> None:
    late = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert _call(RateSubject("k", None, 5), at=late)["X-RateLimit-Limit"] == "5"
    assert 0 < client.pttl("clausum:rate:k:d") <= 1000


def test_of_minute_and_day_the_tighter_one_is_told(client: Redis) -> None:
    assert _call(RateSubject("k", 10, 5))["X-RateLimit-Limit"] == "5"
    assert _calls(client) == {"k:m": 1, "k:d": 1}


def test_a_call_refused_at_one_gate_is_not_counted_behind_it(client: Redis) -> None:
    address, key = RateSubject("k:192.0.2.1", 1, None, is_shown=False), RateSubject("k", 9, 90)
    assert _call(address, key)["X-RateLimit-Remaining"] == "8"
    with pytest.raises(RateLimitExceeded):
        _call(address, key)
    assert _calls(client) == {"k:192.0.2.1:m": 2, "k:m": 1, "k:d": 1}


def test_no_limit_never_asks_the_store(settings: Any) -> None:
    settings.RATE_STORE_URL = "redis://127.0.0.1:1/0"
    assert _call(RateSubject("k", None, None)) == {}


def test_parallel_calls_are_counted_exactly(client: Redis) -> None:
    def attempt(_: int) -> bool:
        try:
            _call(RateSubject("k", 40, None))
        except RateLimitExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(120))) == 40
    assert _calls(client) == {"k:m": 120}


def test_a_script_that_the_server_forgot_is_sent_again(client: Redis) -> None:
    subject = RateSubject("k", 3, None)
    _call(subject)
    client.script_flush()
    assert _call(subject)["X-RateLimit-Remaining"] == "1"


def test_a_store_that_is_not_there_is_a_503_within_the_timeout(settings: Any) -> None:
    settings.RATE_STORE_URL = f"redis://127.0.0.1:{_find_free_port()}/0"
    with pytest.raises(RateLimitStoreUnavailable) as refusal:
        _call(RateSubject("k", 3, None))
    assert (refusal.value.status, refusal.value.headers) == (503, {"Retry-After": "1"})


def test_a_store_that_hangs_is_a_503_within_the_timeout(settings: Any) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        settings.RATE_STORE_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        began = time.monotonic()
        with pytest.raises(RateLimitStoreUnavailable):
            _call(RateSubject("k", 3, None))
        assert time.monotonic() - began < 1


def test_the_store_is_ready_while_it_answers(client: Redis, settings: Any) -> None:
    check_rate_store()
    settings.RATE_STORE_URL = f"redis://127.0.0.1:{_find_free_port()}/0"
    with pytest.raises(RateLimitStoreUnavailable):
        check_rate_store()


def test_connections_that_a_restart_cut_are_made_anew(client: Redis) -> None:
    subject = RateSubject("k", 3, None)
    _call(subject)
    client.client_kill_filter(_type="normal", skipme=True)
    assert _call(subject)["X-RateLimit-Remaining"] == "1"
