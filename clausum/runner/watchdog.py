"""No request keeps a thread for ever: what the database does not answer in time is given up from outside.

Every statement of an assessment has a time limit, but a limit is kept by the server: a server that hangs keeps none,
and statements before the assessment's transaction have none. So each process has one thread that looks at the requests
in hand. It cancels the statement of one that is overdue, and when that does not help, cuts its connection; the thread
that waits for it gets a database error, answers 503, and opens a new connection for its next request.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from core.api.arrival import ARRIVED
from core.clock import read_monotonic_ms

TIMELY = ("/api/v1/assess", "/api/v1/health")
MARGIN_MS = 250.0
"""Beyond the deadline, so that whoever keeps it himself is not disturbed."""
OTHERS_MS = 10_000.0
POLL_SECONDS = 0.05
CANCEL_SECONDS = 0.2
_CONNECT = "get_new_connection"
"""The method of Django's by which a thread connects."""

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(eq=False, slots=True)
class Held:
    """A request in a thread's hands, and that thread's way to the database."""

    due_ms: float
    database: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: bool = False
    is_cancelled: bool = False


class Watchdog:
    """Gives up, from outside, what the database does not answer in time."""

    def __init__(self, *, deadline_ms: float) -> None:
        self.deadline_ms = deadline_ms
        self._held: dict[int, Held] = {}

    def start(self) -> None:
        """Begin to look, in a thread that ends with the process."""
        threading.Thread(target=self._look_for_ever, name="watchdog", daemon=True).start()

    @contextmanager
    def watching(self, path: str, *, since_ms: float) -> Iterator[None]:
        """Look after the request that this thread serves in the block."""
        limit = self.deadline_ms + MARGIN_MS if path.startswith(TIMELY) else OTHERS_MS
        held = Held(due_ms=since_ms + limit, database=connections[DEFAULT_DB_ALIAS])
        place = threading.get_ident()
        self._held[place] = held
        try:
            yield
        finally:
            del self._held[place]
            with held.lock:  # a cancellation that is under way must not hit this thread's next request
                held.is_over = True
                vars(held.database).pop(_CONNECT, None)

    def look(self) -> None:
        """Give up every request that is overdue now."""
        now = read_monotonic_ms()
        for held in list(self._held.values()):
            if held.due_ms < now:
                with held.lock:
                    if not held.is_over:
                        _give_up(held)

    def _look_for_ever(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(POLL_SECONDS)
            if self._held:
                self.look()


def _give_up(held: Held) -> None:
    """Cancel what the request waits for; cut its connection when that was done before and did not help.

    It may not connect anew either: at a server that hangs, every attempt takes its three seconds.
    """
    setattr(held.database, _CONNECT, _refuse_to_connect)
    raw = held.database.connection
    if raw is None or raw.closed:
        return
    if not held.is_cancelled:
        held.is_cancelled = True
        with suppress(psycopg.Error, OSError):
            raw.cancel_safe(timeout=CANCEL_SECONDS)
        return
    with suppress(psycopg.Error, OSError):
        _cut(raw.pgconn.socket)


def _refuse_to_connect(_parameters: dict[str, Any]) -> None:
    raise OperationalError("this request is overdue")


def _cut(descriptor: int) -> None:
    """Shut the socket down; its owner's descriptor stays valid and reads the end."""
    with socket.socket(fileno=os.dup(descriptor)) as copy:
        copy.shutdown(socket.SHUT_RDWR)


class Watched:
    """The application, each request of it told when it arrived and looked after."""

    def __init__(self, application: Application, *, watchdog: Watchdog, read_arrival: Callable[[], float]) -> None:
        self.application = application
        self.watchdog = watchdog
        self.read_arrival = read_arrival

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        arrived = environ[ARRIVED] = self.read_arrival()
        with self.watchdog.watching(environ.get("PATH_INFO", ""), since_ms=arrived):
            return self.application(environ, start_response)
