"""Payments of the past, loaded in bulk, so that the first assessments already know whom they see."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from core.actor import Actor
from core.sql import Statement, run_statement
from core.unit_of_work import service
from events.services.record import record
from transactions.history_copy import KeyedRow, copy_history, key_row
from transactions.services.empty_summaries import empty_summaries_since
from transactions.types import HistoryRow, LoadedHistory

BATCH_ROWS = 5_000

# One load at a time per organization: two of one file would meet in the unique keys.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('transactions.load_history:' || %(organization_id)s::text, 0))"

# The checks of deferred keys would be queued for every row of the load, in the server's memory, until the commit.
_CHECK_AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"

# Until the commit only this transaction sees its rows. Autovacuum, passing by, would count none, and the planner would
# read the whole table for each payment_id; this counts them, and its lock keeps autovacuum away to the end.
_ANALYZE = "ANALYZE transactions_transaction"

# LIMIT keeps the planner to one probe of an index per row, however it guesses the length of the arrays.
_KNOWN = """
SELECT known.id, known.flow, known.payment_id
FROM unnest(%(ids)s::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT t.id, t.flow, t.payment_id
    FROM transactions_transaction t
    WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
      AND t.id = wanted.id
    LIMIT 1
) AS known
UNION ALL
SELECT known.id, known.flow, known.payment_id
FROM unnest(%(flows)s::text[], %(payment_ids)s::text[]) AS wanted (flow, payment_id)
CROSS JOIN LATERAL (
    SELECT t.id, t.flow, t.payment_id
    FROM transactions_transaction t
    WHERE t.organization_id = %(organization_id)s::uuid AND t.environment = %(environment)s::text
      AND t.payment_id = wanted.payment_id AND t.flow = wanted.flow AND NOT t.is_simulated
    LIMIT 1
) AS known
"""


@service
def load_history(*, actor: Actor, rows: Iterable[HistoryRow], now: datetime) -> LoadedHistory:
    """Add the payments, approved, to the history of the actor's organization and environment.

    A payment that is there already, under its `payment_id` or with the same content, is counted as a duplicate and not
    touched, also when it was assessed. Streams: memory does not grow with the number of rows.
    """
    run_statement(Statement(_LOCK, {"organization_id": str(actor.organization_id)}))
    run_statement(Statement(_CHECK_AT_ONCE, {}))
    loaded = LoadedHistory()
    for number, batch in enumerate(batched(rows, BATCH_ROWS)):
        _load_batch(batch, actor=actor, loaded=loaded)
        if number == 0:
            run_statement(Statement(_ANALYZE, {}))
    if loaded.first_at:
        empty_summaries_since(actor=actor, since=loaded.first_at)
    _record(loaded, actor=actor, now=now)
    return loaded


def _load_batch(batch: tuple[HistoryRow, ...], *, actor: Actor, loaded: LoadedHistory) -> None:
    fresh = _keep_fresh([key_row(row, actor=actor) for row in batch], actor=actor)
    copy_history(fresh, actor=actor)
    loaded.loaded += len(fresh)
    loaded.duplicates += len(batch) - len(fresh)
    times = [keyed.row.occurred_at for keyed in fresh]
    loaded.first_at = min((*times, *_given(loaded.first_at)), default=None)
    loaded.last_at = max((*times, *_given(loaded.last_at)), default=None)


def _given(at: datetime | None) -> tuple[datetime, ...]:
    return () if at is None else (at,)


def _keep_fresh(rows: list[KeyedRow], *, actor: Actor) -> list[KeyedRow]:
    """Return the rows that are neither known nor twice in this batch, in their order."""
    known_ids, known_payments = _find_known(rows, actor=actor)
    fresh: list[KeyedRow] = []
    for keyed in rows:
        payment = (keyed.row.flow.value, keyed.row.payment_id)
        if keyed.id in known_ids or payment in known_payments:
            continue
        known_ids.add(keyed.id)
        if keyed.row.payment_id:
            known_payments.add(payment)
        fresh.append(keyed)
    return fresh


def _find_known(rows: list[KeyedRow], *, actor: Actor) -> tuple[set[uuid.UUID], set[tuple[str, str | None]]]:
    with_payment_id = [keyed.row for keyed in rows if keyed.row.payment_id]
    parameters = {
        "organization_id": actor.organization_id,
        "environment": actor.environment.value,
        "ids": [keyed.id for keyed in rows],
        "flows": [row.flow.value for row in with_payment_id],
        "payment_ids": [row.payment_id for row in with_payment_id],
    }
    found = run_statement(Statement(_KNOWN, parameters))
    return {row[0] for row in found}, {(row[1], row[2]) for row in found if row[2]}


def _record(loaded: LoadedHistory, *, actor: Actor, now: datetime) -> None:
    record(
        actor=actor,
        kind="history.loaded",
        subject_type="organization",
        subject_id=str(actor.organization_id),
        payload={
            "loaded": loaded.loaded,
            "duplicates": loaded.duplicates,
            "first_at": loaded.first_at.isoformat() if loaded.first_at else None,
            "last_at": loaded.last_at.isoformat() if loaded.last_at else None,
        },
        now=now,
    )
