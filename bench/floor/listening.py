"""Writing down what the application says to PostgreSQL, at the one door by which it comes: `core.sql`'s exchanges."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from core import sql, sql_exchange

_GIVES_ROWS = re.compile(r"\s*(SELECT|WITH RECURSIVE)\b|.*\bRETURNING\b", re.DOTALL | re.IGNORECASE)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH (?!RECURSIVE))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """One step: its name, and of an execute the statement with its parameters as they were given."""

    name: str
    sql: bytes = b""
    parameters: Any = None
    place: int = 0


@dataclass
class Protocol:
    """All steps in their order: each exchange is opened and closed, its blocks kept apart by a sync."""

    said: list[Said] = field(default_factory=list)
    executed: int = 0

    def note(self, blocks: Sequence[Sequence[tuple[str, Any]]]) -> None:
        """Note one exchange, and that the rows of what gives any are fetched."""
        self.said.append(Said("open"))
        first = self.executed
        for number, block in enumerate(blocks):
            if number:
                self.said.append(Said("sync"))
            for text, parameters in block:
                self.said.append(Said("execute", text.encode(), dict(parameters)))
                self.executed += 1
        self.said.append(Said("close"))
        texts = [text for block in blocks for text, _ in block]
        self.said += [Said("fetch", place=first + place) for place, text in enumerate(texts) if gives_rows(text)]


def gives_rows(text: str) -> bool:
    """Say whether a statement has rows to fetch."""
    return bool(_GIVES_ROWS.match(text)) and ("RETURNING" in text or not _WRITES.match(text))


def count_round_trips(said: Sequence[Said]) -> list[int]:
    """Return how many statements went out in each round trip."""
    return _count(said, ends=frozenset({"close"}))


def count_syncs(said: Sequence[Said]) -> list[int]:
    """Return how many statements went out before each sync."""
    return _count(said, ends=frozenset({"sync", "close"}))


def _count(said: Sequence[Said], *, ends: frozenset[str]) -> list[int]:
    counted, statements = [], 0
    for one in said:
        statements += one.name == "execute"
        if one.name in ends:
            counted.append(statements)
            statements = 0
    return counted


@contextmanager
def taking_down() -> Iterator[Protocol]:
    """Write down what this process says until the block ends; one connection at a time, please."""
    protocol = Protocol()
    exchange = sql_exchange.exchange

    def heard(raw: Any, blocks: Any, **keywords: Any) -> Any:
        protocol.note(blocks)
        return exchange(raw, blocks, **keywords)

    with patch.object(sql, "exchange", heard):
        yield protocol
