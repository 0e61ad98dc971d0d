"""Assessments as they were stored, read to be scored again: newest first, or in the order in which they came."""

import uuid
from datetime import datetime
from typing import Any

import msgspec

from assess.types import Facts
from core.environments import Environment
from core.ids import ceiling_of_time, floor_of_time
from core.sql import Statement, run_statement
from core.structs import make_ready
from transactions.types import Decision

BATCH_ROWS = 1_000

# The payment stands apart from the facts (it is what may be erased); what was erased cannot be scored again.
_COLUMNS = """
    t.id, t.decision, t.risk_score, t.blocked_by, t.signals, t.amount_minor, t.currency, t.is_fraudulent,
    a.policy_version, a.engine, a.language, t.details::text, a.facts::text
"""
_COUNTED = "NOT t.is_simulated AND t.released_at IS NULL AND t.source = 'assess'"

_NEWEST = f"""
SELECT {_COLUMNS}
FROM transactions_transaction t
JOIN assess_assessment a ON a.transaction_id = t.id
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s AND t.id >= %(since)s
  AND {_COUNTED}
ORDER BY t.id DESC LIMIT %(limit)s
"""  # noqa: S608  only constants are joined

_NEXT = f"""
SELECT {_COLUMNS}
FROM transactions_transaction t
JOIN assess_assessment a ON a.transaction_id = t.id
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s
  AND t.id > %(after)s AND t.id < %(until)s AND {_COUNTED}
ORDER BY t.id LIMIT %(limit)s
"""  # noqa: S608  only constants are joined

_THESE = f"""
SELECT {_COLUMNS}
FROM transactions_transaction t
JOIN assess_assessment a ON a.transaction_id = t.id
WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s
  AND t.id = ANY(%(transaction_ids)s::uuid[])
  AND {_COUNTED}
"""  # noqa: S608  only constants are joined

_COUNT = f"""
SELECT count(*) FROM (
    SELECT FROM transactions_transaction t
    WHERE t.organization_id = %(organization_id)s AND t.environment = %(environment)s
      AND t.id > %(after)s AND t.id < %(until)s AND {_COUNTED}
    LIMIT %(limit)s
) found
"""  # noqa: S608  only constants are joined


class StoredDecision(msgspec.Struct, frozen=True, kw_only=True):
    """One assessment with what was decided, what became known of it, and the facts that it was decided from.

    `is_fraudulent` is its label, None without one; amounts in minor units.
    """

    transaction_id: uuid.UUID
    decision: Decision
    risk_score: int
    blocked_by: str | None
    signals: tuple[str, ...]
    amount_minor: int
    currency: str
    is_fraudulent: bool | None
    policy_version: int
    engine: str
    language: str
    facts: Facts


class StoredBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Assessments in their order. `last` is the row that the next batch goes on behind; `unreadable` rows have no
    payment that could be read (erased, or of a form that nobody reads any more).
    """

    decisions: list[StoredDecision]
    last: uuid.UUID
    unreadable: int


def list_newest(
    *, organization_id: uuid.UUID, environment: Environment, since: datetime, limit: int
) -> list[StoredDecision]:
    """Return the newest assessments of real payments since a moment, at most `limit`."""
    scope = {"organization_id": organization_id, "environment": environment.value}
    rows = run_statement(Statement(_NEWEST, scope | {"since": floor_of_time(since), "limit": limit}))
    return _read_all(rows)


def count_stored(
    *, organization_id: uuid.UUID, environment: Environment, since: datetime, until: datetime, limit: int
) -> int:
    """Return how many assessments of real payments there are between two moments, counted up to `limit`."""
    parameters = _make_range(organization_id, environment, since, until) | {"limit": limit}
    return int(run_statement(Statement(_COUNT, parameters))[0][0])


def read_stored(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    since: datetime,
    until: datetime,
    after: uuid.UUID | None = None,
) -> StoredBatch | None:
    """Return the next assessments of real payments between two moments in their order, None behind the last.

    `after` goes on behind the payment that an earlier call came to.
    """
    parameters = _make_range(organization_id, environment, since, until) | {"limit": BATCH_ROWS}
    if after is not None:
        parameters["after"] = after
    rows = run_statement(Statement(_NEXT, parameters))
    if not rows:
        return None
    decisions = _read_all(rows)
    return StoredBatch(decisions=decisions, last=rows[-1][0], unreadable=len(rows) - len(decisions))


def list_stored(
    *, organization_id: uuid.UUID, environment: Environment, transaction_ids: list[uuid.UUID]
) -> list[StoredDecision]:
    """Return those assessments of real payments, in no order; without those that nobody can read any more."""
    scope = {"organization_id": organization_id, "environment": environment.value}
    return _read_all(run_statement(Statement(_THESE, scope | {"transaction_ids": transaction_ids})))


def _make_range(
    organization_id: uuid.UUID, environment: Environment, since: datetime, until: datetime
) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "environment": environment.value,
        "after": floor_of_time(since),
        "until": ceiling_of_time(until),
    }


def _read_all(rows: list[tuple[Any, ...]]) -> list[StoredDecision]:
    return [found for row in rows if (found := _read(row)) is not None]


def _read(row: tuple[Any, ...]) -> StoredDecision | None:
    *plain, details, facts = row
    try:
        read = decode_facts(facts=facts, details=details)
    except msgspec.ValidationError:
        return None
    return StoredDecision(
        transaction_id=plain[0],
        decision=Decision(plain[1]),
        risk_score=plain[2],
        blocked_by=plain[3],
        signals=tuple(plain[4]),
        amount_minor=plain[5],
        currency=plain[6],
        is_fraudulent=plain[7],
        policy_version=plain[8],
        engine=plain[9],
        language=plain[10],
        facts=read,
    )


def decode_facts(*, facts: str, details: str) -> Facts:
    """Return the facts from their JSON and that of the payment, put together as text: the quickest way by far."""
    return msgspec.json.decode(f'{{"payment":{details},{facts[1:]}', type=make_ready(Facts))
