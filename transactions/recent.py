"""Payments as other pages tell of them: by id, by who was part of them, or simply the newest."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.environments import Environment
from core.ids import floor_of_time
from core.sql import Statement, run_statement
from transactions.identities import Identity
from transactions.queries import list_amount_series
from transactions.types import Decision, Flow

_COLUMNS = "t.id, t.flow, t.occurred_at, t.amount_minor, t.currency, t.decision, t.is_fraudulent"

_BY_ID = f"""
SELECT {_COLUMNS} FROM transactions_transaction t
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s AND t.id = ANY (%(ids)s::uuid[])
"""  # noqa: S608  only a constant is joined

_BY_IDENTITY = f"""
SELECT {_COLUMNS} FROM (
    SELECT e.transaction_id FROM transactions_identityevent e
    WHERE e.organization_id = %(organization_id)s AND e.identity = ANY (%(identities)s::uuid[])
      AND e.occurred_at >= %(since)s
    LIMIT %(most)s
) found
JOIN transactions_transaction t ON t.organization_id = %(organization_id)s AND t.environment = %(environment)s
    AND t.id = found.transaction_id
"""  # noqa: S608  only a constant is joined

# The newest of each currency, as the index has them, and of these the newest, looked up one by one. Comparisons are of
# rows, as in `queries`: an equality would let the planner walk all payments by id, among which a rare flow lies far
# apart; and without the last LIMIT it would read them all for a join.
_NEWEST = f"""
SELECT {_COLUMNS}, t.details::text FROM (
    SELECT latest.id FROM unnest(%(currencies)s::text[]) AS series (currency)
    CROSS JOIN LATERAL (
        SELECT n.id FROM transactions_transaction n
        WHERE n.organization_id = %(organization_id)s AND n.environment = %(environment)s
          AND NOT n.is_simulated AND NOT n.is_advisory AND n.released_at IS NULL
          AND (n.flow, n.currency, n.id) >= (%(flow)s::text, series.currency, %(floor)s::uuid)
          AND (n.flow, n.currency) <= (%(flow)s::text, series.currency)
        ORDER BY n.flow DESC, n.currency DESC, n.id DESC LIMIT %(most)s
    ) latest
    ORDER BY latest.id DESC LIMIT %(most)s
) newest
CROSS JOIN LATERAL (
    SELECT * FROM transactions_transaction p
    WHERE p.organization_id = %(organization_id)s AND p.environment = %(environment)s AND p.id = newest.id LIMIT 1
) t
ORDER BY t.id DESC
"""  # noqa: S608  only a constant is joined


class RecentPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment without what is personal in it; `is_fraudulent` is None until somebody said so or otherwise."""

    id: uuid.UUID
    flow: Flow
    occurred_at: datetime
    amount_minor: int
    currency: str
    decision: Decision
    is_fraudulent: bool | None


def list_payments(
    *, organization_id: uuid.UUID, environment: Environment, transaction_ids: Collection[uuid.UUID]
) -> list[RecentPayment]:
    """Return those of the payments that are the organization's, in no order."""
    if not transaction_ids:
        return []
    given = {"organization_id": organization_id, "environment": environment.value, "ids": [*transaction_ids]}
    return [_make_payment(row) for row in run_statement(Statement(_BY_ID, given))]


def list_payments_of(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    identities: Sequence[Identity],
    since: datetime,
    most: int,
) -> list[RecentPayment]:
    """Return the payments since then in whose history one of the identities stands, at most so many, in no order."""
    if not identities:
        return []
    given = {
        "organization_id": organization_id,
        "environment": environment.value,
        "identities": [identity.digest for identity in identities],
        "since": since,
        "most": most,
    }
    return [_make_payment(row) for row in run_statement(Statement(_BY_IDENTITY, given))]


def list_newest_payments(
    *, organization_id: uuid.UUID, environment: Environment, flow: Flow, since: datetime, most: int
) -> list[tuple[RecentPayment, dict[str, Any]]]:
    """Return the newest payments of the flow since then that count, each with its details, at most so many.

    No more than so many of each currency are read, however rare the flow is among the organization's payments.
    """
    series = list_amount_series(organization_id=organization_id, environment=environment)
    given = {
        "organization_id": organization_id,
        "environment": environment.value,
        "currencies": [each.currency for each in series if each.flow is flow],
        "floor": floor_of_time(since),
        "flow": flow.value,
        "most": most,
    }
    return [(_make_payment(row), msgspec.json.decode(row[-1])) for row in run_statement(Statement(_NEWEST, given))]


def _make_payment(row: Sequence[Any]) -> RecentPayment:
    return RecentPayment(
        id=row[0],
        flow=Flow(row[1]),
        occurred_at=row[2],
        amount_minor=row[3],
        currency=row[4],
        decision=Decision(row[5]),
        is_fraudulent=row[6],
    )
