"""The load client, against a server that is as slow as it is told to be."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load.client import run_job
from bench.load.jobs import Job
from bench.load.payloads import GAP, write_request


class Handler(BaseHTTPRequestHandler):
    """Answers 200, or 400 to a body that asks for it, after as long as the server is told."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes]
    seconds: float

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.bodies.append(body)
        time.sleep(self.seconds)
        self.send_response(400 if b"wrong" in body else 200)
        if b"close" in body:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(seconds: float = 0.0) -> Iterator[tuple[int, list[bytes]]]:
    bodies: list[bytes] = []
    handler = type("Told", (Handler,), {"bodies": bodies, "seconds": seconds})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1], bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_job(port: int, *bodies: str, connections: int = 2, seconds: float = 20.0, **more: float | None) -> Job:
    requests = [write_request("/", body.encode(), {}) for body in bodies]
    fields = {"port": port, "requests": requests, "gap": GAP.encode(), "connections": connections, "seconds": seconds}
    return Job(**fields, **more)  # type: ignore[arg-type]


def test_it_makes_as_many_calls_as_asked_for_each_with_an_id_of_its_own() -> None:
    with serving() as (port, bodies):
        told = run_job(make_job(port, f"a-{GAP}", f"b-{GAP}", calls=10))
    assert (told.statuses, told.calls, len(told.latencies_ms)) == ({200: 10}, 10, 10)
    assert len(set(bodies)) == 10
    assert sorted(body[:2] for body in bodies) == [b"a-"] * 5 + [b"b-"] * 5


def test_it_tells_each_status_and_opens_a_connection_anew_that_was_closed() -> None:
    with serving() as (port, _):
        told = run_job(make_job(port, "right", "wrong", "close", calls=9))
    assert told.statuses == {200: 6, 400: 3}


def test_a_closed_loop_never_asks_before_it_was_answered() -> None:
    with serving(seconds=0.05) as (port, _):
        told = run_job(make_job(port, "slow", connections=2, calls=8))
    assert told.seconds == pytest.approx(4 * 0.05, rel=1.0)
    assert min(told.latencies_ms) >= 50


def test_an_open_loop_counts_the_time_that_a_call_had_to_wait_for_a_connection() -> None:
    with serving(seconds=0.05) as (port, _):
        told = run_job(make_job(port, "slow", connections=1, calls=10, rate=1000.0))
    assert told.latencies_ms == sorted(told.latencies_ms)
    assert told.latencies_ms[-1] >= 450


def test_an_open_loop_keeps_its_rate_when_the_server_has_time() -> None:
    with serving() as (port, _):
        told = run_job(make_job(port, "quick", connections=4, seconds=1.0, rate=50.0))
    assert 25 <= told.calls <= 80
    assert told.statuses == {200: told.calls}


def test_a_connection_that_breaks_is_a_call_without_an_answer() -> None:
    with serving(seconds=0.05) as (port, _):
        run_job(make_job(port, "fine", calls=1))
    with pytest.raises(ConnectionRefusedError):
        run_job(make_job(port, "gone", calls=1))
