"""How long each statement of an assessment takes alone, its round trip included."""

import re
import time
from collections import defaultdict
from collections.abc import Sequence
from statistics import mean

from bench.floor.repeating import Connection, Repeater, connect
from bench.floor.scripts import Script

BARE = "a bare round trip"
_TABLE = re.compile(r"\b(?:INTO|UPDATE|FROM|JOIN)\s+((?:accounts|assess|blocklists|transactions|events)_\w+)")
_SHOWN = 60


def time_statements(scripts: Sequence[Script], url: str) -> list[tuple[str, float]]:
    """Return (statement, mean ms) of the scripts' statements in their order; what they write is taken back."""
    taken: dict[bytes, list[float]] = defaultdict(list)
    with connect(url) as connection:
        for is_measured in (False, True):
            for script in scripts:
                for sql, milliseconds in _time_script(connection, Repeater(script)):
                    if is_measured:
                        taken[sql].append(milliseconds)
        bare = [_time_bare(connection) for _ in range(200)]
    return [(BARE, mean(bare)), *((describe(sql), mean(found)) for sql, found in taken.items())]


def _time_script(connection: Connection, repeater: Repeater) -> list[tuple[bytes, float]]:
    """Run each statement for itself inside one transaction that is given up."""
    found: list[tuple[bytes, float]] = []
    connection.execute(b"BEGIN")
    for sql, milliseconds in repeater.time(connection):
        found.append((sql, milliseconds))
    connection.execute(b"ROLLBACK")
    return found


def _time_bare(connection: Connection) -> float:
    began = time.perf_counter()
    connection.execute(b"SELECT 1", prepare=True)
    return (time.perf_counter() - began) * 1000


def describe(sql: bytes) -> str:
    """Return a statement's table and beginning, fit for a table."""
    text = " ".join(sql.decode().split())
    table = _TABLE.search(text)
    beginning = text[:_SHOWN].replace("|", "/")
    return f"{table[1]}: `{beginning}…`" if table else f"`{beginning}`"
