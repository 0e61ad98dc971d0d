"""A client of the API as an integrator would write it: one kept connection, retries under the same idempotency key.

`http.client` and not httpx: the client shares the machine with the server that it measures, and costs 0.1 ms of it a
call instead of 0.5 ms (measured in November 2026, 2 cores).
"""

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from clausum.datasets.answers import NO_ANSWER, Answer, read_answer
from clausum.datasets.calls import Call

TIMEOUT_SECONDS = 30.0
MOST_TRIES = 8
LONGEST_WAIT_SECONDS = 60.0
_RETRIED = frozenset({429, 503, 504})
_FIRST_PAUSE_SECONDS = 0.1
_TWIN_IS_BEING_DECIDED = 409
"""With `Retry-After`: an earlier try of ours is still at work (contract §5)."""


class _Reply(NamedTuple):
    status: int
    body: bytes
    is_replay: bool
    retry_after: str | None


_NOTHING = _Reply(NO_ANSWER, b"", is_replay=False, retry_after=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the API stands."""

    is_secure: bool
    host: str
    port: int | None
    prefix: str

    def connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=TIMEOUT_SECONDS)


def parse_address(base_url: str) -> Address:
    """Return the parts of a base URL; raises ValueError unless it is http(s) with a host."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a base URL is written http://host:port or https://host")
    return Address(
        is_secure=parts.scheme == "https", host=parts.hostname, port=parts.port, prefix=parts.path.rstrip("/")
    )


class Client:
    """One connection, for one thread.

    `wait` is called with seconds before a retry and returns True when there is to be none, because the run stops.
    """

    def __init__(self, *, address: Address, wait: Callable[[float], bool], read_ms: Callable[[], float]) -> None:
        self._address = address
        self._connection = address.connect()
        self._wait = wait
        self._read_ms = read_ms

    def ask(self, call: Call) -> Answer | None:
        """Return the answer, after as many tries as it takes and at most MOST_TRIES; None when the run stops before."""
        for tries in range(1, MOST_TRIES + 1):
            began_ms = self._read_ms()
            reply = self._exchange(call)
            latency_ms = self._read_ms() - began_ms
            if tries == MOST_TRIES or not is_retried(reply):
                return _make_answer(reply, latency_ms=latency_ms, tries=tries)
            if self._wait(choose_pause(reply, tries=tries)):
                break
        return None

    def close(self) -> None:
        self._connection.close()

    def _exchange(self, call: Call) -> _Reply:
        """Send once; a connection that breaks is closed, and the next try opens another."""
        try:
            self._connection.request("POST", self._address.prefix + call.path, call.body, call.headers)
            response = self._connection.getresponse()
            return _Reply(
                response.status,
                response.read(),
                is_replay=response.getheader("Idempotency-Replayed") == "true",
                retry_after=response.getheader("Retry-After"),
            )
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return _NOTHING


def _make_answer(reply: _Reply, *, latency_ms: float, tries: int) -> Answer:
    if reply.status == NO_ANSWER:
        return Answer(status=NO_ANSWER, tries=tries)
    return read_answer(
        status=reply.status, body=reply.body, latency_ms=latency_ms, is_replay=reply.is_replay, tries=tries
    )


def is_retried(reply: _Reply) -> bool:
    """Say whether the same call may yet get a decision (contract §6)."""
    is_twin = reply.status == _TWIN_IS_BEING_DECIDED and reply.retry_after is not None
    return reply.status == NO_ANSWER or reply.status in _RETRIED or is_twin


def choose_pause(reply: _Reply, *, tries: int) -> float:
    """Return the seconds to wait: what the server asks, else 0.1 s doubled with each try; never over a minute."""
    asked = reply.retry_after
    pause = float(asked) if asked and asked.isdecimal() else _FIRST_PAUSE_SECONDS * 2.0 ** (tries - 1)
    return min(pause, LONGEST_WAIT_SECONDS)
