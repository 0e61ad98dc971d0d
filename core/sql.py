"""Hand-written SQL for the hot path: server-side binding, prepared plans, several statements in one round trip.

JSONB comes back as text (Django sets its connections up so): decode it with msgspec.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg.rows import TupleRow

type Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its named parameters."""

    sql: str
    parameters: Parameters


def run_statement(statement: Statement) -> list[TupleRow]:
    """Run one statement on Django's connection and return its rows (empty when it returns none)."""
    return run_statements([statement])[0]


def run_statements(statements: Sequence[Statement]) -> list[list[TupleRow]]:
    """Run the statements in order, in one round trip; return each one's rows.

    Raises Django's database errors; the first failure ends the rest.
    """
    with connection.wrap_database_errors:
        raw = _raw_connection()
        if len(statements) == 1:
            return [_fetch(_execute(raw, statements[0]))]
        with raw.pipeline():
            cursors = [_execute(raw, statement) for statement in statements]
        return [_fetch(cursor) for cursor in cursors]


def read_again_if_lost(statement: Statement) -> list[TupleRow]:
    """Run one read; when the connection turns out to be dead (the server was restarted), once more on a new one."""
    try:
        return run_statement(statement)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return run_statement(statement)


def _raw_connection() -> psycopg.Connection[TupleRow]:
    connection.ensure_connection()
    return cast(psycopg.Connection[TupleRow], connection.connection)


def _execute(raw: psycopg.Connection[TupleRow], statement: Statement) -> psycopg.Cursor[TupleRow]:
    cursor = psycopg.Cursor(raw)
    cursor.execute(statement.sql.encode(), statement.parameters, prepare=True)
    return cursor


def _fetch(cursor: psycopg.Cursor[TupleRow]) -> list[TupleRow]:
    result = cursor.pgresult  # `description` would build an object a column to say the same
    return cursor.fetchall() if result is not None and result.nfields else []
