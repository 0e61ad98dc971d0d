"""What a connection says, as libpq's own trace shows it: how many statements go out before each sync."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import Trace
from psycopg.pq.abc import PGconn

_MESSAGE = re.compile(r"^([FB])\t\d+\t(\w+)", re.MULTILINE)


@contextmanager
def listening(connection: PGconn) -> Iterator[list[int]]:
    """Listen until the block ends; the list then has one number for each sync."""
    syncs: list[int] = []
    with tempfile.TemporaryFile("w+") as log:
        connection.trace(log.fileno())
        connection.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield syncs
        finally:
            connection.untrace()
        log.seek(0)
        syncs += read_trace(log.read())


def read_trace(log: str) -> list[int]:
    """Return the statements before each sync: direction, length and kind of every message are in the trace."""
    syncs, statements = [], 0
    for sender, kind in _MESSAGE.findall(log):
        if sender == "F" and kind in {"Query", "Execute"}:
            statements += 1
        if sender == "F" and kind in {"Query", "Sync"}:
            syncs.append(statements)
            statements = 0
    return syncs
