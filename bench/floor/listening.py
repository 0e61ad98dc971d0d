"""Writing down what code says to psycopg, at psycopg's own door: whatever the code above is like, it comes by here."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest.mock import patch

import psycopg


@dataclass(frozen=True, slots=True)
class Said:
    """One call: its name, and of an execute the statement with its parameters as they were given."""

    name: str
    sql: bytes = b""
    parameters: Any = None
    prepare: bool | None = None
    place: int = 0
    is_on: bool = False


@dataclass
class Protocol:
    """All calls in their order. `cursors` finds of which execute a fetch is."""

    said: list[Said] = field(default_factory=list)
    cursors: list[Any] = field(default_factory=list)

    def note_execute(self, cursor: Any, query: Any, params: Any = None, *, prepare: Any = None, **_rest: Any) -> None:
        sql = query.encode() if isinstance(query, str) else bytes(query)
        self.cursors.append(cursor)
        self.said.append(Said("execute", sql, params, prepare))

    def note_fetch(self, cursor: Any, *_arguments: Any) -> None:
        place = max(place for place, one in enumerate(self.cursors) if one is cursor)
        self.said.append(Said("fetch", place=place))

    def note_autocommit(self, _connection: Any, value: bool) -> None:
        self.said.append(Said("autocommit", is_on=value))

    def note(self, name: str) -> Any:
        """Return a listener that notes the name of a call."""
        return lambda *_arguments, **_keywords: self.said.append(Said(name))


@contextmanager
def taking_down() -> Iterator[Protocol]:
    """Write down what this process says to psycopg until the block ends; one connection at a time, please."""
    protocol = Protocol()
    doors: list[tuple[Any, str, Any]] = [
        (psycopg.Cursor, "execute", protocol.note_execute),
        (psycopg.Cursor, "fetchall", protocol.note_fetch),
        (psycopg.Cursor, "fetchone", protocol.note_fetch),
        (psycopg.Connection, "commit", protocol.note("commit")),
        (psycopg.Connection, "rollback", protocol.note("rollback")),
        (psycopg.Connection, "set_autocommit", protocol.note_autocommit),
        (psycopg.Pipeline, "__enter__", protocol.note("open")),
        (psycopg.Pipeline, "__exit__", protocol.note("close")),
        (psycopg.Pipeline, "sync", protocol.note("sync")),
    ]
    with ExitStack() as stack:
        for owner, name, listener in doors:
            stack.enter_context(patch.object(owner, name, _listen(getattr(owner, name), listener)))
        yield protocol


def _listen(method: Any, listener: Any) -> Any:
    @wraps(method)
    def heard(*arguments: Any, **keywords: Any) -> Any:
        listener(*arguments, **keywords)
        return method(*arguments, **keywords)

    return heard
