"""Gunicorn's threaded worker with a bounded queue: what cannot be decided in time is refused at once (503).

Gunicorn's own puts every request that arrives into a queue without end, where all of them grow old together.
"""

import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from clausum.runner import quick_calls
from clausum.runner.lingering import SWEEP_SECONDS, Lingering
from clausum.runner.refusals import asks_for_health, make_refusal
from clausum.runner.watchdog import Watchdog, Watched
from core.clock import read_monotonic_ms

QUEUE_PER_THREAD = 4
LONGEST_WAIT = 0.5
"""Share of the deadline of an assessment that a request may wait for a thread; the rest is for deciding it."""
PROBES_AT_ONCE = 8
ACCEPTED_AT_ONCE = 64
FIRST_BYTES_SECONDS = 5.0
"""How long a new connection may be silent, at least."""
REPORT_SECONDS = 1.0


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A client's connection that knows when its request arrived, and is hung up on without blocking the main loop."""

    arrived_ms = 0.0

    def __init__(self, worker: "SheddingWorker", sock: socket.socket, client: object, server: object) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.linger = worker.lingering.add

    def close(self, graceful: bool = False) -> None:
        """Close at once, or let the client read its answer first."""
        if graceful:
            self.linger(self.sock)
        else:
            super().close()

    def peek(self) -> bytes:
        """Return what has arrived of the next request, nothing when the client hung up. The bytes stay."""
        ahead: bytes = self.parser.unreader.buf.getvalue() if self.parser else b""
        return ahead or quick_calls.peek(self.sock.fileno()) or b""


type Finish = Callable[[Connection, "Future[Any]"], None]


class SheddingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """At most WEB_QUEUE requests wait for a thread, none longer than half the deadline. Probes never wait.

    TLS and HTTP/2 end before it (docs/operations.md).
    """

    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue_limit = int(os.environ.get("WEB_QUEUE") or QUEUE_PER_THREAD * self.cfg.threads)
        self.longest_wait_ms = 0.0
        self.waiting: deque[tuple[Connection, Future[Any]]] = deque()
        self.busy = self.probes = self.refused = 0
        self.reported_at = 0.0
        self.serving = threading.local()

    def init_process(self) -> None:
        """Make what may not be shared with the parent, and serve."""
        self.reserve = ThreadPoolExecutor(max_workers=1, thread_name_prefix="probes")
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, which then names the deadline."""
        super().load_wsgi()
        self.lingering = Lingering()
        self.longest_wait_ms = settings.ASSESS_DEADLINE_MS * LONGEST_WAIT
        watchdog = Watchdog(deadline_ms=settings.ASSESS_DEADLINE_MS)
        watchdog.start()
        self.wsgi = Watched(self.wsgi, watchdog=watchdog, read_arrival=lambda: self.serving.since_ms)

    def is_parent_alive(self) -> bool:
        """Return whether the master lives; when it was killed, let go of its address at once, for the one that follows.

        Requests in hand are seen through, and answered with `Connection: close`.
        """
        if super().is_parent_alive():
            return True
        self.alive = False
        self.set_accept_enabled(False)
        while self.sockets:
            self.sockets.pop().close()
        return False

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; when the queue is full, all that are there, to refuse them together."""
        for _ in range(ACCEPTED_AT_ONCE if self._is_full() else 1):
            descriptor = quick_calls.accept(listener.fileno())
            if descriptor is None:
                return
            head = quick_calls.peek(descriptor) if self._is_full() else None
            if head and not asks_for_health(head):
                self._refuse(descriptor, head)
            else:
                self._take(descriptor, listener)

    def _take(self, descriptor: int, listener: socket.socket) -> None:
        """Wait for the first bytes of a new connection: only then does it cost a thread."""
        sock = socket.socket(listener.family, listener.type, listener.proto, fileno=descriptor)
        try:
            conn = Connection(self, sock, sock.getpeername(), listener.getsockname())
        except OSError:  # the client is gone already
            sock.close()
            return
        self.nr_conns += 1
        conn.timeout = time.monotonic() + max(self.cfg.keepalive, FIRST_BYTES_SECONDS)
        self.pending_conns.append(conn)
        self.poller.register(sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def enqueue_req(self, conn: Connection) -> None:
        """Give the request that arrives to a thread, let it wait for one, or refuse it."""
        conn.arrived_ms = read_monotonic_ms()
        if self.busy < self.cfg.threads:
            self._submit(conn)
            return
        head = conn.peek()
        if not head:
            self.nr_conns -= 1
            conn.close()
        elif asks_for_health(head) and self.probes < PROBES_AT_ONCE:
            self.probes += 1
            self._hand_over(self.reserve, self._serve, conn, self._finish_probe)
        elif self._count_waiting() < self.queue_limit:
            self.waiting.append((conn, self._submit(conn)))
        else:
            self._refuse(conn.sock.detach(), head)
            self.nr_conns -= 1

    def _submit(self, conn: Connection) -> "Future[Any]":
        self.busy += 1
        return self._hand_over(self.tpool, self.handle, conn, self._finish)

    def _hand_over(
        self, pool: ThreadPoolExecutor, serve: Callable[[Connection], Any], conn: Connection, finish: Finish
    ) -> "Future[Any]":
        future = pool.submit(serve, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(finish, conn, done))
        return future

    def _finish(self, conn: Connection, future: "Future[Any]") -> None:
        self.busy -= 1
        self.finish_request(conn, future)

    def _finish_probe(self, conn: Connection, future: "Future[Any]") -> None:
        self.probes -= 1
        self.finish_request(conn, future)

    def handle(self, conn: Connection) -> Any:
        """Serve a request in a thread, unless it has grown too old on the way there."""
        if read_monotonic_ms() - conn.arrived_ms > self.longest_wait_ms:
            quick_calls.send_last(conn.sock.fileno(), self._make_refusal(conn.peek()))
            return False
        return self._serve(conn)

    def _serve(self, conn: Connection) -> Any:
        self.serving.since_ms = conn.arrived_ms
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Serve a parsed request; one whose body may be refused unread is told to be the last of its connection.

        Gunicorn gives up on a body that nobody read, and would hang up in silence after it had promised to listen on.
        """
        length = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), "0")
        if not length.isdecimal() or int(length) > settings.MAXIMUM_BODY_BYTES:
            req.force_close()
        return super().handle_request(req, conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn of the main loop, cut short when a request that waits comes of age."""
        if self.lingering:
            timeout = min(timeout, SWEEP_SECONDS)
        if self.waiting:
            due_ms = self.waiting[0][0].arrived_ms + self.longest_wait_ms - read_monotonic_ms()
            timeout = min(timeout, max(due_ms, 0) / 1000)
        super().wait_for_and_dispatch_events(timeout)
        self._refuse_the_aged()
        self.lingering.sweep()
        self._report()

    def _is_full(self) -> bool:
        return self.busy >= self.cfg.threads and self._count_waiting() >= self.queue_limit

    def _count_waiting(self) -> int:
        """Return how many requests wait for a thread. Threads take them in order."""
        while self.waiting and (self.waiting[0][1].running() or self.waiting[0][1].done()):
            self.waiting.popleft()
        return len(self.waiting)

    def _refuse_the_aged(self) -> None:
        oldest_ms = read_monotonic_ms() - self.longest_wait_ms
        while self._count_waiting() and self.waiting[0][0].arrived_ms <= oldest_ms:
            conn, future = self.waiting.popleft()
            if future.cancel():  # no thread takes it any more; its end hangs up
                quick_calls.send_last(conn.sock.fileno(), self._make_refusal(conn.peek()))

    def _refuse(self, descriptor: int, head: bytes) -> None:
        quick_calls.send_last(descriptor, self._make_refusal(head))
        self.lingering.add_ended(descriptor)

    def _make_refusal(self, head: bytes) -> bytes:
        self.refused += 1
        return make_refusal(head)

    def _report(self) -> None:
        """Log how many were refused, at most once a second."""
        if self.refused and time.monotonic() - self.reported_at > REPORT_SECONDS:
            self.log.warning("Overloaded: refused %d requests", self.refused)
            self.reported_at, self.refused = time.monotonic(), 0
