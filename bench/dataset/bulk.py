"""Loading in bulk: a table without its indexes and keys while it is filled, and with every one of them afterwards."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
from psycopg import sql

type Connection = psycopg.Connection[tuple[object, ...]]

WORKERS = 2
_TUNING = (
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
    "SET work_mem = '512MB'",
    "SET max_parallel_maintenance_workers = 2",
)
_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.contype = 'f'
FROM pg_constraint c
WHERE (c.conrelid = ANY (%(tables)s::regclass[]) AND c.contype IN ('p', 'u', 'f'))
   OR (c.confrelid = ANY (%(tables)s::regclass[]) AND c.contype = 'f')
ORDER BY c.contype = 'f', c.conname
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY (%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken off the tables, as statements that put it back: first those of `first`, in any order."""

    first: tuple[str, ...]
    then: tuple[str, ...]


def connect(url: str) -> Connection:
    """Return a connection for heavy work: each statement commits, and no commit waits for the disk."""
    connection = psycopg.connect(url, autocommit=True)
    for statement in _TUNING:
        connection.execute(statement.encode())
    return connection


def take_off(connection: Connection, tables: Sequence[str]) -> Taken:
    """Drop the indexes and keys of the tables, and the keys that refer to them."""
    given = {"tables": list(tables)}
    constraints = connection.execute(_CONSTRAINTS.encode(), given).fetchall()
    indexes = connection.execute(_INDEXES.encode(), given).fetchall()
    for table, name, _, _ in reversed(constraints):
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(str(table)), sql.Identifier(str(name)))
        connection.execute(drop)
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    keys = [(bool(is_foreign), f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}') for t, n, d, is_foreign in constraints]
    return Taken(
        first=(*(text for is_foreign, text in keys if not is_foreign), *(str(definition) for _, definition in indexes)),
        then=tuple(text for is_foreign, text in keys if is_foreign),
    )


def put_back(url: str, taken: Taken) -> None:
    """Make the indexes and keys again, two at a time where they do not lock each other out."""
    run_at_once(url, [statement for statement in taken.first if statement.startswith("CREATE")])
    run_in_turn(url, [statement for statement in taken.first if not statement.startswith("CREATE")])
    run_in_turn(url, taken.then)


def run_in_turn(url: str, statements: Iterable[str]) -> None:
    """Run the statements one after the other."""
    with connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def run_at_once(url: str, statements: Sequence[str]) -> None:
    """Run the statements two at a time, each on a connection of its own."""
    do_at_once([lambda text=statement: run_in_turn(url, [text]) for statement in statements])  # type: ignore[misc]


def do_at_once(jobs: Sequence[Callable[[], None]]) -> None:
    """Do the jobs two at a time; raises what the first of them that fails raises."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()
