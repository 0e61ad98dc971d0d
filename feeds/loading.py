"""A version's entries on their way into the table: read, copied aside, compared with those in force, and put in force.

A list may have a million entries, so lines go through COPY into a table of this transaction, and what changed is found
by PostgreSQL.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection, transaction

from core.actor import Actor
from core.sql import Statement, run_statement
from feeds.models import Feed
from feeds.rules.parsing import Tally, read_entries
from feeds.types import MAXIMUM_ENTRIES, FeedKind

CHUNK_ENTRIES = 1_000
SAMPLE = 20
FIRST_ENTRIES = 10_000
"""Of a list's first version, enough for PostgreSQL to see that the table is no short one any more."""

_PREPARE = """
DROP TABLE IF EXISTS feeds_incoming;
DROP TABLE IF EXISTS feeds_wanted;
CREATE TEMPORARY TABLE feeds_incoming (value varchar) ON COMMIT DROP;
"""
_COPY = "COPY feeds_incoming (value) FROM STDIN"
_WANT = """
CREATE TEMPORARY TABLE feeds_wanted ON COMMIT DROP AS SELECT DISTINCT value FROM feeds_incoming;
DROP TABLE feeds_incoming;
ANALYZE feeds_wanted;
"""
_ADDED = """
FROM feeds_wanted w WHERE NOT EXISTS (
    SELECT 1 FROM feeds_feedentry e WHERE e.feed_id = %(feed_id)s AND e.value = w.value AND e.until_version IS NULL)
"""
_REMOVED = """
FROM feeds_feedentry e WHERE e.feed_id = %(feed_id)s AND e.until_version IS NULL
AND NOT EXISTS (SELECT 1 FROM feeds_wanted w WHERE w.value = e.value)
"""
# Of v6, the part of which addresses are given out (2000::/3) is all; where networks overlap, both count.
_BREADTH = """
SELECT coalesce(sum(power(2, CASE WHEN position(':' IN w.value) > 0 THEN 3 ELSE 0 END
                             - split_part(w.value, '/', 2)::int)), 0)::float8
"""
_END = """
UPDATE feeds_feedentry e SET until_version = %(number)s
WHERE e.feed_id = %(feed_id)s AND e.organization_id = %(organization_id)s AND e.environment = %(environment)s
AND e.until_version IS NULL AND NOT EXISTS (SELECT 1 FROM feeds_wanted w WHERE w.value = e.value)
"""
_BEGIN = f"""
INSERT INTO feeds_feedentry (organization_id, environment, feed_id, value, from_version)
SELECT %(organization_id)s, %(environment)s, %(feed_id)s, w.value, %(number)s {_ADDED}
"""
_BEGIN_SOME = f"{_BEGIN} LIMIT {FIRST_ENTRIES}"
_ANALYZE = "ANALYZE feeds_feedentry"


class TooManyEntries(ValueError):
    """The list has more entries than may be kept."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version has, and what it changes of the one in force: counts, and a few of each.

    `breadth` is which share of all addresses the networks hold that it adds.
    """

    entries: int
    added: int
    removed: int
    breadth: float
    sample_added: list[str]
    sample_removed: list[str]


def pack(content: bytes) -> bytes:
    """Return the file as it is kept until it is in force."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def copy_aside(packed: bytes, *, kind: FeedKind, tally: Tally) -> None:
    """Put the version's entries, each once, into a table of this transaction. Raises TooManyEntries."""
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace")
        entries = _bound(read_entries(lines, kind=kind, tally=tally))
        with transaction.atomic(), connection.cursor() as cursor:  # a refusal must not end the unit of work
            cursor.execute(_PREPARE)
            with cursor.copy(_COPY) as copy:
                for chunk in batched(entries, CHUNK_ENTRIES):
                    copy.write("\n".join(chunk) + "\n")
            cursor.execute(_WANT)


def _bound(entries: Iterable[str]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        if number >= MAXIMUM_ENTRIES:
            raise TooManyEntries
        yield entry


def compare(feed: Feed) -> Difference:
    """Return what the entries aside change of those in force."""
    scope = {"feed_id": feed.id}
    return Difference(
        entries=_count("FROM feeds_wanted", {}),
        added=_count(_ADDED, scope),
        removed=_count(_REMOVED, scope),
        breadth=_measure_breadth(scope) if feed.kind == FeedKind.IP_THREAT else 0,
        sample_added=_take_some("w.value", _ADDED, scope),
        sample_removed=_take_some("e.value", _REMOVED, scope),
    )


def _count(source: str, scope: dict[str, Any]) -> int:
    return int(run_statement(Statement(f"SELECT count(*) {source}", scope))[0][0])


def _measure_breadth(scope: dict[str, Any]) -> float:
    return float(run_statement(Statement(_BREADTH + _ADDED, scope))[0][0])


def _take_some(column: str, source: str, scope: dict[str, Any]) -> list[str]:
    sql = f"SELECT {column} {source} ORDER BY 1 LIMIT {SAMPLE}"
    return [row[0] for row in run_statement(Statement(sql, scope))]


def put_in_force(feed: Feed, *, actor: Actor, number: int) -> None:
    """End what the version no longer has and begin what it has anew.

    A web process keeps the plan of its look-ups that it made when the table was short: to read it through. So a first
    version has every process plan anew when it has begun, before payments would read all that comes, and at the end.
    """
    scope = {
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
        "feed_id": feed.id,
        "number": number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_END, scope)
        if feed.version is None:
            cursor.execute(_BEGIN_SOME, scope)
            cursor.execute(_ANALYZE)
        cursor.execute(_BEGIN, scope)
        if feed.version is None:
            cursor.execute(_ANALYZE)
