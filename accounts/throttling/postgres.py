"""Counters as rows of PostgreSQL: one statement per call or per block of calls, committed by itself.

The table is unlogged: a commit waits for no disk, and a crash of the server forgets the counts, nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from accounts.throttling.stores import Gates
from accounts.throttling.windows import Count
from core.sql import Parameters, Statement

# Sorted by name, so that two calls of the same subject never wait for each other in a circle.
_GATE = """counted_{gate} AS (
    INSERT INTO accounts_ratewindow AS w (subject, began_at, ends_at, calls)
    SELECT given.name, %(now)s, given.ends_at, %(calls)s::int
    FROM unnest(%(names_{gate})s::text[], %(ends_{gate})s::timestamptz[]) AS given (name, ends_at)
    {condition}
    ORDER BY given.name
    ON CONFLICT (subject) DO UPDATE SET
        calls = CASE WHEN w.ends_at <= %(now)s THEN excluded.calls ELSE w.calls + excluded.calls END,
        began_at = CASE WHEN w.ends_at <= %(now)s THEN excluded.began_at ELSE w.began_at END,
        ends_at = CASE WHEN w.ends_at <= %(now)s THEN excluded.ends_at ELSE w.ends_at END
    RETURNING subject, calls, ends_at
)"""

_IS_OPEN = """NOT EXISTS (
        SELECT FROM counted_{gate} c
        JOIN unnest(%(names_{gate})s::text[], %(limits_{gate})s::int[]) AS given (name, most) ON given.name = c.subject
        WHERE c.calls > given.most
    )"""


def make_count_statement(gates: Gates, *, calls: int, now: datetime) -> Statement:
    """Return the statement that counts so many calls in every window, up to the first gate that is over a limit.

    It is to commit by itself; `read_counts` reads its rows.
    """
    return Statement(_write_sql(len(gates)), _make_parameters(gates, now=now) | {"calls": calls})


def read_counts(gates: Gates, rows: Sequence[tuple[Any, ...]]) -> list[Count]:
    """Return the counters that the statement counted."""
    windows = {window.name: window for gate in gates for window in gate}
    return [Count(windows[name], calls, ends_at) for name, calls, ends_at in rows]


@cache
def _write_sql(gates: int) -> str:
    parts = [_GATE.format(gate=gate, condition=_write_condition(gate)) for gate in range(gates)]
    answers = [f"SELECT subject, calls, ends_at FROM counted_{gate}" for gate in range(gates)]  # noqa: S608  a number
    return "WITH " + ", ".join(parts) + " " + " UNION ALL ".join(answers)


def _write_condition(gate: int) -> str:
    """Return the condition that every earlier gate let the call pass."""
    earlier = [_IS_OPEN.format(gate=number) for number in range(gate)]
    return f"WHERE {' AND '.join(earlier)}" if earlier else ""


def _make_parameters(gates: Gates, *, now: datetime) -> Parameters:
    parameters: Parameters = {"now": now}
    for number, windows in enumerate(gates):
        parameters[f"names_{number}"] = [window.name for window in windows]
        parameters[f"ends_{number}"] = [window.ends_at for window in windows]
        if number + 1 < len(gates):
            parameters[f"limits_{number}"] = [window.limit for window in windows]
    return parameters
