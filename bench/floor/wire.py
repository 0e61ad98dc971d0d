"""What a connection says, as libpq's own trace shows it: how many statements go out in each round trip."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import Trace
from psycopg.pq.abc import PGconn

_MESSAGE = re.compile(r"^([FB])\t\d+\t(\w+)", re.MULTILINE)


@contextmanager
def listening(connection: PGconn) -> Iterator[list[int]]:
    """Listen until the block ends; the list then has one number for each round trip."""
    round_trips: list[int] = []
    with tempfile.TemporaryFile("w+") as log:
        connection.trace(log.fileno())
        connection.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield round_trips
        finally:
            connection.untrace()
        log.seek(0)
        round_trips += read_trace(log.read())


def read_trace(log: str) -> list[int]:
    """Return the statements of each round trip: direction, length and kind of every message are in the trace."""
    round_trips, statements = [], 0
    for sender, kind in _MESSAGE.findall(log):
        if sender == "F" and kind in {"Query", "Execute"}:
            statements += 1
        if sender == "B" and kind == "ReadyForQuery":
            round_trips.append(statements)
            statements = 0
    return round_trips
