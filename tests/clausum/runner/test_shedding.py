"""What waits is bounded in number and in time, and nobody else pays for it."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.load import make_request, send_all
from tests.web import Web, running_web

APPLICATION = "tests.clausum.runner.slow_application:application"


@contextmanager
def slow_web(*, queue: int, deadline_ms: int) -> Iterator[Web]:
    given = {"WEB_QUEUE": str(queue), "ASSESS_DEADLINE_MS": str(deadline_ms)}
    with running_web(workers=1, threads=1, application=APPLICATION, **given) as web:
        yield web


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """One thread, two places in the queue, and much time."""
    with slow_web(queue=2, deadline_ms=60_000) as running:
        yield running


@pytest.fixture(autouse=True)
def _settled(web: Web) -> None:
    """Let the worker take in that its thread is free again: whoever was served just before knows it a moment earlier."""
    time.sleep(0.3)


@contextmanager
def filled(web: Web) -> Iterator[None]:
    """Keep the thread busy and the queue full for two seconds or more."""
    with ThreadPoolExecutor(3) as pool:
        busy = [pool.submit(ask, web.port, "/?seconds=1.5") for _ in range(3)]
        time.sleep(0.3)
        yield
        assert [done.result()[0] for done in busy] == [200, 200, 200]


def ask(port: int, path: str, body: bytes = b"") -> tuple[int, bytes, float]:
    """Post and return the status, the body and the seconds it took."""
    link, started = http.client.HTTPConnection("127.0.0.1", port, timeout=20), time.monotonic()
    try:
        link.request("POST", path, body)
        response = link.getresponse()
        return response.status, response.read(), time.monotonic() - started
    finally:
        link.close()


def test_at_most_so_many_wait_and_the_rest_is_refused_at_once(web: Web) -> None:
    replies = send_all(web.port, [make_request("/api/v1/assess/payout?seconds=1", {}, key="k")] * 8, at_once=8)
    assert sorted(reply.status for reply in replies) == [200] * 3 + [503] * 5
    assert max(reply.seconds for reply in replies if reply.status == 503) < 0.9
    assert max(reply.seconds for reply in replies) > 2.9


def test_nothing_waits_longer_than_half_the_deadline() -> None:
    with slow_web(queue=10, deadline_ms=1000) as web:
        replies = send_all(web.port, [make_request("/api/v1/assess?seconds=2", {}, key="k")] * 4, at_once=4)
    assert sorted(reply.status for reply in replies) == [200, 503, 503, 503]
    assert all(0.4 < reply.seconds < 1.8 for reply in replies if reply.status == 503)


def test_a_probe_is_answered_while_everything_else_waits(web: Web) -> None:
    with filled(web):
        status, _, seconds = ask(web.port, "/api/v1/health")
        assert (status, seconds < 1) == (200, True)


def test_a_refusal_is_read_though_a_large_body_was_on_its_way(web: Web) -> None:
    with filled(web), socket.create_connection(("127.0.0.1", web.port), timeout=10) as link:
        link.sendall(b"POST /api/v1/assess HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n")
        for _ in range(30):
            link.sendall(b"x" * 10_000)
            time.sleep(0.005)
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"ASSESS_OVERLOADED" in answer


def test_a_kept_connection_is_refused_as_cleanly(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert link.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
        with filled(web):
            link.sendall(b"GET /api/v1/blocklists HTTP/1.1\r\nHost: h\r\n\r\n")
            answer = b"".join(iter(lambda: link.recv(65536), b""))
    assert b"SERVICE_UNAVAILABLE" in answer


def test_the_application_knows_how_long_a_request_has_waited(web: Web) -> None:
    replies = send_all(web.port, [make_request("/?seconds=0.5", {}, key="k")] * 3, at_once=3)
    waited = sorted(float(reply.body) for reply in replies)
    assert waited[0] >= 500
    assert waited[2] >= 900  # without its time in the queue it would be little over 500, however late it came
    assert all(float(reply.body) <= reply.seconds * 1000 for reply in replies)


def test_clients_that_are_silent_or_do_not_hang_up_hold_nobody_up(web: Web) -> None:
    silent = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(5)]
    lingering = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(5)]
    for link in lingering:
        link.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 200")
    assert ask(web.port, "/")[2] < 1
    for link in silent + lingering:
        link.close()


@pytest.mark.parametrize(("size", "told"), [(64 * 1024, "keep-alive"), (64 * 1024 + 1, "close")])
def test_a_body_too_large_to_be_read_ends_its_connection_in_so_many_words(web: Web, size: int, told: str) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as link:
        head = f"POST /?seconds=0 HTTP/1.1\r\nHost: here\r\nContent-Length: {size}\r\n\r\n"
        link.sendall(head.encode() + b"x" * size)
        assert f"connection: {told}" in link.recv(65536).decode().lower()


def test_requests_in_one_go_are_answered_in_order(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as link:
        link.sendall(b"GET /?seconds=0.1 HTTP/1.1\r\nHost: h\r\n\r\n" * 2)
        link.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
