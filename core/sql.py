"""Hand-written SQL for the hot path: server-side binding, prepared plans, several statements in one round trip.

JSONB comes back as text (Django sets its connections up so): decode it with msgspec.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connection, connections
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from core.sql_exchange import Failure, Rows, Sent, exchange

type Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its named parameters."""

    sql: str
    parameters: Parameters


def run_statement(statement: Statement) -> Rows:
    """Run one statement on Django's connection and return its rows (empty when it returns none)."""
    return run_statements([statement])[0]


def run_statements(statements: Sequence[Statement], *, until_ms: float | None = None) -> list[Rows]:
    """Run the statements in order, in one round trip; return each one's rows.

    Raises Django's database errors; the first failure ends the rest, and `place_of` tells which it was.
    """
    return run_blocks([statements], until_ms=until_ms)


def run_blocks(blocks: Sequence[Sequence[Statement]], *, until_ms: float | None = None) -> list[Rows]:
    """Run several lists of statements in one round trip; return each statement's rows, all in one list.

    A transaction that is to begin begins with the last block; what stands before commits by itself, and a failure in
    one block does not keep the next from running. Raises Django's database error of the first failure. When the
    monotonic clock passes `until_ms` first, the connection is given up and OperationalError raised: what was sent may
    still be done.
    """
    answers, error = try_blocks(blocks, until_ms=until_ms)
    if error is not None:
        raise error
    return answers


def try_blocks(
    blocks: Sequence[Sequence[Statement]], *, until_ms: float | None = None
) -> tuple[list[Rows], DatabaseError | None]:
    """Do as `run_blocks`, but return the first failure beside the rows of the statements before it."""
    sent = [[(statement.sql, statement.parameters) for statement in block] for block in blocks]
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: Django's `connection` does so at every mention
    with database.wrap_database_errors:
        database.ensure_connection()
        raw = cast(psycopg.Connection[TupleRow], database.connection)
        if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            return _without_begin(*exchange(raw, _begin_with_last(sent), until_ms=until_ms), begin=_count_before(sent))
        answers, failure = exchange(raw, sent, until_ms=until_ms)
    return answers, _translate(failure, failure.place) if failure else None


def _begin_with_last(sent: list[list[Sent]]) -> list[list[Sent]]:
    """Begin the transaction, as psycopg would before a cursor's first statement."""
    return [*sent[:-1], [("BEGIN", {}), *sent[-1]]]


def _count_before(sent: list[list[Sent]]) -> int:
    return sum(len(block) for block in sent[:-1])


def _without_begin(
    answers: list[Rows], failure: Failure | None, *, begin: int
) -> tuple[list[Rows], DatabaseError | None]:
    del answers[begin : begin + 1]
    if failure is None:
        return answers, None
    return answers, _translate(failure, failure.place - (failure.place > begin))


def _translate(failure: Failure, place: int) -> DatabaseError:
    """Return psycopg's error as Django's, with the place of its statement."""
    failure.error.place = place  # type: ignore[attr-defined]
    try:
        with connection.wrap_database_errors:
            raise failure.error
    except DatabaseError as error:
        return error


def place_of(error: DatabaseError) -> int | None:
    """Return which statement of its round trip an error is of, from 0; None when it is of none, but the connection."""
    return getattr(error.__cause__, "place", None)


def read_again_if_lost(statement: Statement) -> Rows:
    """Run one read; when the connection turns out to be dead (the server was restarted), once more on a new one."""
    return run_again_if_lost([statement])[0]


def run_again_if_lost(statements: Sequence[Statement]) -> list[Rows]:
    """Run statements that do no harm when they are run twice, as `read_again_if_lost` does one."""
    try:
        return run_statements(statements)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return run_statements(statements)
