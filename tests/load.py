"""Load on a web server, from one thread: as fast as it answers (closed loop), or at a rate of ours (open loop)."""

import json
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_CONNECTIONS = 800
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; status 0 when the connection was lost before it was whole."""

    status: int
    seconds: float
    number: int = 0
    head: bytes = b""
    body: bytes = b""


@dataclass(slots=True)
class Outcome:
    """What came of a phase of load."""

    seconds: float
    replies: list[Reply] = field(default_factory=list)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(reply.status for reply in self.replies)

    @property
    def count(self) -> int:
        return len(self.replies)

    @property
    def rate(self) -> float:
        """200s a second."""
        return self.statuses[200] / self.seconds

    def with_status(self, status: int) -> list[Reply]:
        return [reply for reply in self.replies if reply.status == status]

    def quantile_ms(self, share: float, *, status: int = 200) -> float:
        """Return that quantile of the time to an answer of this status, in milliseconds."""
        times = sorted(reply.seconds for reply in self.with_status(status))
        return times[min(int(share * len(times)), len(times) - 1)] * 1000 if times else 0.0


def make_request(path: str, body: Any, *, key: str, **headers: str) -> bytes:
    """Return a POST as bytes."""
    data = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + data


@dataclass(eq=False, slots=True)
class _Link:
    """A kept connection with at most one request on its way."""

    sock: socket.socket
    number: int = 0
    unsent: bytes = b""
    started: float = 0.0
    received: bytes = b""


class _Load:
    """Sends what `due` says, when it says so, on as few connections as are idle then."""

    def __init__(self, port: int, make: Callable[[int], bytes]) -> None:
        self.port, self.make = port, make
        self.selector = selectors.DefaultSelector()
        self.idle: list[_Link] = []
        self.busy: set[_Link] = set()
        self.replies: list[Reply] = []

    def start(self, number: int) -> None:
        """Send the request of this number."""
        link = self.idle.pop() if self.idle else self._open()
        link.number, link.unsent, link.received = number, self.make(number), b""
        link.started = time.perf_counter()
        self.busy.add(link)
        self._write(link)

    def _open(self) -> _Link:
        link = _Link(socket.socket())
        link.sock.setblocking(False)
        link.sock.connect_ex(("127.0.0.1", self.port))
        self.selector.register(link.sock, selectors.EVENT_READ, link)
        return link

    def _write(self, link: _Link) -> None:
        try:
            link.unsent = link.unsent[link.sock.send(link.unsent) :]
        except (BlockingIOError, BrokenPipeError):
            pass  # not connected yet, or lost: reading will tell
        except OSError:
            self._lose(link)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if link.unsent else 0)
        if self.selector.get_key(link.sock).events != wanted:
            self.selector.modify(link.sock, wanted, link)

    def turn(self, seconds: float) -> None:
        """Take what arrives within that time."""
        for key, events in self.selector.select(max(seconds, 0)):
            if events & selectors.EVENT_WRITE:
                self._write(key.data)
            if events & selectors.EVENT_READ and key.data.sock.fileno() >= 0:
                self._read(key.data)

    def _read(self, link: _Link) -> None:
        try:
            data = link.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        link.received += data
        head, separator, body = link.received.partition(b"\r\n\r\n")
        lower = head.lower()
        if separator and len(body) >= int(lower.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0):
            self._settle(
                link, Reply(int(head[9:12]), 0, link.number, head, body), keep=b"connection: close" not in lower
            )
        elif not data:
            self._lose(link)

    def _lose(self, link: _Link) -> None:
        self._settle(link, Reply(0, 0, link.number), keep=False)

    def _settle(self, link: _Link, reply: Reply, *, keep: bool) -> None:
        if link in self.busy:
            self.busy.discard(link)
            seconds = time.perf_counter() - link.started
            self.replies.append(Reply(reply.status, seconds, reply.number, reply.head, reply.body))
        elif link in self.idle:
            self.idle.remove(link)
            keep = False
        if keep:
            self.idle.append(link)
        else:
            self.selector.unregister(link.sock)
            link.sock.close()

    def finish(self) -> None:
        """Wait for the answers that are due; what does not come is lost."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while self.busy and time.perf_counter() < until:
            self.turn(0.1)
        for link in list(self.busy):
            self._lose(link)
        for link in self.idle:
            link.sock.close()
        self.selector.close()


def run_closed(port: int, make: Callable[[int], bytes], *, at_once: int, seconds: float) -> Outcome:
    """Keep that many requests on their way for so long."""
    load, sent, began = _Load(port, make), 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        while len(load.busy) < at_once:
            load.start(sent)
            sent += 1
        load.turn(0.05)
    load.finish()
    return Outcome(time.perf_counter() - began, load.replies)


def run_open(port: int, make: Callable[[int], bytes], *, rate: float, seconds: float) -> Outcome:
    """Send requests at that rate for so long, whether or not earlier ones are answered."""
    load, began = _Load(port, make), time.perf_counter()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        while (wait := due - time.perf_counter()) > 0 or len(load.busy) >= MOST_CONNECTIONS:
            load.turn(max(wait, 0.001))
        load.start(number)
        if number % 8 == 0:
            load.turn(0)
    sent = time.perf_counter() - began
    load.finish()
    return Outcome(sent, load.replies)


def send_all(port: int, requests: Sequence[bytes], *, at_once: int) -> list[Reply]:
    """Send the requests, that many at a time; the answers in their order."""
    load = _Load(port, lambda number: requests[number])
    for number in range(len(requests)):
        while len(load.busy) >= at_once:
            load.turn(0.1)
        load.start(number)
    load.finish()
    return sorted(load.replies, key=lambda reply: reply.number)
