"""The load client: `python -m bench.load.client`, a job on its input, what became of it on its output.

One thread, raw sockets, requests that are bytes already: it shares the machine with what it measures.
"""

import os
import random
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator

import msgspec

from bench.load.jobs import Job, Told

RECEIVE_BYTES = 65_536
ANSWER_SECONDS = 30.0
_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"content-length:"
IDLE_SECONDS = 10.0
"""A connection that was idle for longer is opened anew: the server may be closing it this very moment."""
LOST = 0
"""The status of a call whose connection broke or that was never answered."""


class Link:
    """One kept-alive connection, with at most one call under way.

    It is opened by its first call: gunicorn gives a thread to a new connection and lets it wait for the first bytes.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._received = b""
        self.since = 0.0

    def fileno(self) -> int:
        """Return the descriptor by which `select` knows it; -1 while it is closed."""
        return -1 if self._socket is None else self._socket.fileno()

    def _open(self) -> socket.socket:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._received = None, b""

    def send(self, request: bytes, *, since: float) -> None:
        """Send a call whose latency counts from `since`; once more when the server has closed the connection."""
        if since - self.since > IDLE_SECONDS:
            self.close()
        self.since = since
        try:
            (self._socket or self._open()).sendall(request)
        except OSError:
            self.close()
            self._open().sendall(request)

    def receive(self) -> int | None:
        """Return the answer's status when it is all there, None while it is not, LOST when the connection ended."""
        data = self._read()
        if not data:
            self.close()
            return LOST
        self._received += data
        end = self._received.find(_END_OF_HEADERS)
        if end < 0:
            return None
        head = self._received[:end].lower()
        place = head.find(_LENGTH) + len(_LENGTH)
        length = int(head[place:].split(b"\r\n", 1)[0])
        if len(self._received) < end + len(_END_OF_HEADERS) + length:
            return None
        status, self._received = int(self._received[9:12]), b""
        if b"connection: close" in head:
            self.close()
        return status

    def _read(self) -> bytes:
        if self._socket is None:
            return b""
        try:
            return self._socket.recv(RECEIVE_BYTES)
        except OSError:
            return b""


class Run:
    """A job under way."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._requests = _list_requests(job)
        self._links = [Link(job.port) for _ in range(job.connections)]
        self._free = deque(self._links)
        self._busy: set[Link] = set()
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self._sent = 0

    def go(self) -> float:
        """Do the job and return the seconds that it took."""
        started = time.perf_counter()
        for now in self._list_moments(started):
            self._wait(now)
        until = time.perf_counter() + ANSWER_SECONDS
        while self._busy and time.perf_counter() < until:
            self._take(until)
        seconds = time.perf_counter() - started
        self.statuses.update([LOST] * len(self._busy))
        for link in self._links:
            link.close()
        return seconds

    def _list_moments(self, started: float) -> Iterator[float | None]:
        """Yield when each call is due, None when it is as soon as a connection is free."""
        rate, due = self._job.rate, started
        dice = random.Random(self._job.seed)  # noqa: S311  moments of calls
        while self._sent != self._job.calls:
            if rate is not None:
                due += dice.expovariate(rate)
            if (due if rate is not None else time.perf_counter()) - started > self._job.seconds:
                return
            self._sent += 1
            yield due if rate is not None else None

    def _wait(self, due: float | None) -> None:
        """Send the next call when it is due and a connection is free, taking in answers meanwhile."""
        while due is not None and time.perf_counter() < due:
            self._take(due)
        while not self._free:
            self._take(time.perf_counter() + ANSWER_SECONDS)
        link = self._free.popleft()
        self._busy.add(link)
        link.send(next(self._requests), since=time.perf_counter() if due is None else due)

    def _take(self, until: float) -> None:
        """Take in the answers that are there, or the first that comes before `until`."""
        ready, _, _ = select.select(self._busy, [], [], max(0.0, until - time.perf_counter()))
        for link in ready:
            status = link.receive()
            if status is None:
                continue
            self.latencies.append((time.perf_counter() - link.since) * 1000)
            self.statuses[status] += 1
            self._busy.discard(link)
            self._free.append(link)


def _list_requests(job: Job) -> Iterator[bytes]:
    """Yield requests in a random order, each with an id that no other call of any run has."""
    dice = random.Random(job.seed)  # noqa: S311  an order
    parts = [request.split(job.gap) for request in job.requests]
    run, number = os.urandom(3).hex().encode(), 0
    while True:
        dice.shuffle(parts)
        for part in parts:
            yield (run + b"%06x" % number).join(part)
            number += 1


def run_job(job: Job) -> Told:
    """Do the job in this process."""
    run = Run(job)
    before = time.process_time()
    seconds = run.go()
    return Told(
        seconds=seconds,
        statuses=dict(run.statuses),
        latencies_ms=[round(latency, 3) for latency in run.latencies],
        cpu_seconds=time.process_time() - before,
    )


def main() -> None:
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.msgpack.encode(run_job(job)))


if __name__ == "__main__":
    main()
