"""One exchange with PostgreSQL: every statement goes out at once, then every answer comes in (libpq's pipeline mode).

psycopg's own pipeline does the same with a cursor a statement, some 40 microseconds of CPU each (measured on the
machine of docs/performance.md), and a payment has twenty. Here each is prepared once a connection and sent as bytes.
`until_ms` bounds the wait on our side of the wire as well, for a server that answers nothing.
"""

import select
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.abc import Transformer as Loading
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.errors import error_from_result
from psycopg.types.datetime import TimestamptzLoader

from core.clock import read_monotonic_ms
from core.sql_parameters import Compiled, compile_sql, dump_all

type Rows = list[tuple[Any, ...]]
type Sent = tuple[str, dict[str, Any]]

_FAILURES = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE})
_SYNC = pq.ExecStatus.PIPELINE_SYNC
_RUN = b""  # in place of a name: a result of the statement itself, not of preparing it


class _Session:
    """What is known of a connection: the statements prepared on it, and how its answers become values.

    As Django set it up, but for moments in time: Django's loader of those is Python, called for each one, and psycopg's
    gives the same, since the session's zone is UTC.
    """

    __slots__ = ("adapters", "prepared")

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.adapters = AdaptersMap(raw.adapters)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)
        self.prepared: set[bytes] = set()

    def make_loader(self, raw: psycopg.Connection[Any]) -> Loading:
        return Transformer(_Context(self.adapters, raw))


class _Context(NamedTuple):
    """What psycopg takes a connection's habits from (its AdaptContext)."""

    adapters: AdaptersMap
    connection: psycopg.Connection[Any]


_sessions: WeakKeyDictionary[psycopg.Connection[Any], _Session] = WeakKeyDictionary()  # gone with the connection


class Unresponsive(psycopg.OperationalError):
    """The server said nothing in time. The connection is of no more use: what it was asked may yet happen."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The first statement that failed, by its place among all that were sent, and PostgreSQL's error."""

    place: int
    error: psycopg.Error


def exchange(
    raw: psycopg.Connection[Any], blocks: Sequence[Sequence[Sent]], *, until_ms: float | None = None
) -> tuple[list[Rows], Failure | None]:
    """Run the blocks in one round trip and return the rows of each statement, in order, and the first failure.

    What follows a failure in its block is not run, and has no rows. A block outside a transaction is one of its own:
    its statements stand or fall together. Raises OperationalError when the connection is lost, Unresponsive when the
    clock passes `until_ms` (monotonic); the connection is closed then. Raises DataError before anything was sent.
    """
    ready = [[_Ready(*_make_ready(sent)) for sent in block] for block in blocks]
    try:
        wire = _Wire(raw, until_ms)
        wire.send(ready)
        answers, failure = wire.receive(len(ready))
        raw.pgconn.exit_pipeline_mode()
    except BaseException:  # in the midst of an exchange the connection is of no more use to anybody
        raw.close()
        raise
    return answers, failure


class _Ready(NamedTuple):
    """A statement with its parameters as bytes."""

    compiled: Compiled
    values: list[bytes | None]
    formats: list[int]


def _make_ready(sent: Sent) -> tuple[Compiled, list[bytes | None], list[int]]:
    sql, parameters = sent
    compiled = compile_sql(sql)
    return compiled, *dump_all(compiled, parameters)


class _Wire:
    """The connection for the length of one exchange."""

    __slots__ = ("_expected", "_loader", "_pgconn", "_poll", "_prepared", "_until_ms")

    def __init__(self, raw: psycopg.Connection[Any], until_ms: float | None) -> None:
        self._pgconn = raw.pgconn
        self._until_ms = until_ms
        session = _sessions.get(raw) or _sessions.setdefault(raw, _Session(raw))
        self._prepared = session.prepared
        self._loader = session.make_loader(raw)
        self._poll = select.poll()
        self._expected: list[bytes] = []

    def send(self, blocks: Sequence[Sequence[_Ready]]) -> None:
        pgconn = self._pgconn
        pgconn.nonblocking = 1
        pgconn.enter_pipeline_mode()
        for block in blocks:
            for compiled, values, formats in block:
                if compiled.name not in self._prepared and compiled.name not in self._expected:
                    pgconn.send_prepare(compiled.name, compiled.sql)
                    self._expected.append(compiled.name)
                pgconn.send_query_prepared(compiled.name, values, formats)
                self._expected.append(_RUN)
            pgconn.pipeline_sync()
        self._poll.register(pgconn.socket, select.POLLIN)

    def receive(self, syncs: int) -> tuple[list[Rows], Failure | None]:
        answers: list[Rows] = []
        failure: Failure | None = None
        expected = iter(self._expected)
        while syncs:
            result = self._next_result()
            if result.status == _SYNC:
                syncs -= 1
                continue
            step = next(expected)
            if result.status in _FAILURES and failure is None:
                failure = Failure(len(answers), error_from_result(result, encoding="utf-8"))
            if step is _RUN:
                answers.append(self._load(result))
            elif result.status == pq.ExecStatus.COMMAND_OK:
                self._prepared.add(step)
        return answers, failure

    def _next_result(self) -> Any:
        """Return the next result; between those of two statements libpq has a None, which also means the end."""
        pgconn = self._pgconn
        while True:
            while pgconn.is_busy():
                self._wait()
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is not None:
                return result
            if pgconn.status != pq.ConnStatus.OK:
                raise psycopg.OperationalError("the connection to the database was lost")

    def _wait(self) -> None:
        """Wait until there is something to read, sending what still waits to be sent."""
        is_sent = not self._pgconn.flush()
        if not is_sent:
            self._poll.modify(self._pgconn.socket, select.POLLIN | select.POLLOUT)
        left_ms = None if self._until_ms is None else max(0.0, self._until_ms - read_monotonic_ms())
        if not self._poll.poll(left_ms):
            raise Unresponsive("the database did not answer in time")
        if not is_sent:
            self._poll.modify(self._pgconn.socket, select.POLLIN)

    def _load(self, result: Any) -> Rows:
        if result.status != pq.ExecStatus.TUPLES_OK or not result.ntuples:
            return []
        self._loader.set_pgresult(result)
        return self._loader.load_rows(0, result.ntuples, tuple)
