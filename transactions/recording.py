"""Statements that record a payment on the hot path. Whoever runs them holds the unit of work open."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from core.environments import Environment
from core.sql import Statement
from transactions.activity import write_bands
from transactions.identities import Identity
from transactions.names import fold_name
from transactions.types import Decision, IdentityKind, NewTransaction

_encoder = msgspec.json.Encoder(decimal_format="number")

_INSERT_TRANSACTION = """
INSERT INTO transactions_transaction (
    id, organization_id, environment, flow, source, amount_minor, currency, transaction_type, occurred_at, decision,
    risk_score, blocked_by, signals, session_id, order_id, payment_id, customer_id, submerchant_id, api_key_id,
    is_advisory, is_simulated, details)
VALUES (
    %(id)s, %(organization_id)s, %(environment)s, %(flow)s, %(source)s, %(amount_minor)s, %(currency)s,
    %(transaction_type)s, %(occurred_at)s, %(decision)s, %(risk_score)s, %(blocked_by)s, %(signals)s, %(session_id)s,
    %(order_id)s, %(payment_id)s, %(customer_id)s, %(submerchant_id)s, %(api_key_id)s, %(is_advisory)s,
    %(is_simulated)s, %(details)s)
"""

# A summary that ends after this payment's moment, or is about to, would miss it: it is emptied (docs/decisions/0012).
_INSERT_HISTORY = """
WITH emptied AS (
    UPDATE transactions_activitysummary s
    SET document = NULL, until = NULL, closing_until = NULL, next_at = %(occurred_at)s::timestamptz
    WHERE s.organization_id = %(organization_id)s::uuid AND s.identity = ANY(%(identities)s::uuid[])
      AND greatest(s.until, s.closing_until) >= %(occurred_at)s::timestamptz
)
INSERT INTO transactions_identityevent (
    organization_id, environment, transaction_id, kind, identity, occurred_at, amount_minor, currency, counterparty,
    name, is_approved)
SELECT %(organization_id)s::uuid, %(environment)s::text, %(transaction_id)s::uuid, party.kind, party.identity,
    %(occurred_at)s::timestamptz, %(amount_minor)s::bigint, %(currency)s::text, party.counterparty, party.name,
    %(is_approved)s::boolean
FROM unnest(%(kinds)s::smallint[], %(identities)s::uuid[], %(counterparties)s::uuid[],
    %(names)s::text[]) AS party (kind, identity, counterparty, name)
"""


LIVE = timedelta(minutes=1)
"""A payment that is judged for a moment not longer ago is one of the present."""

# A summary that was counted for another clock or other bands is void, and so is one that is being made for them.
# Most wishes of a busy customer's payments are granted already: then no row is written, nor locked, or they would wait
# for each other.
_WISH = """
WITH party AS MATERIALIZED (
    SELECT given.kind, given.identity
    FROM unnest(%(kinds)s::smallint[], %(identities)s::uuid[]) AS given (kind, identity)
), renewed AS (
    UPDATE transactions_activitysummary s
    SET timezone = %(timezone)s, bands = %(bands)s, wanted_at = %(wanted_at)s::timestamptz,
        next_at = %(now)s::timestamptz,
        document = CASE WHEN s.timezone = %(timezone)s AND s.bands = %(bands)s THEN s.document END,
        until = CASE WHEN s.timezone = %(timezone)s AND s.bands = %(bands)s THEN s.until END,
        closing_until = CASE WHEN s.timezone = %(timezone)s AND s.bands = %(bands)s THEN s.closing_until END
    FROM party
    WHERE s.organization_id = %(organization_id)s::uuid AND s.identity = party.identity AND s.currency = %(currency)s
      AND (s.next_at > %(now)s::timestamptz OR s.timezone <> %(timezone)s OR s.bands <> %(bands)s
           OR (s.wanted_at IS NULL) <> (%(wanted_at)s::timestamptz IS NULL))
)
INSERT INTO transactions_activitysummary (
    id, organization_id, environment, kind, identity, currency, timezone, bands, wanted_at, next_at)
SELECT gen_random_uuid(), %(organization_id)s::uuid, %(environment)s, party.kind, party.identity, %(currency)s,
    %(timezone)s, %(bands)s, %(wanted_at)s::timestamptz, %(now)s::timestamptz
FROM party
WHERE NOT EXISTS (
    SELECT FROM transactions_activitysummary s
    WHERE s.organization_id = %(organization_id)s::uuid AND s.identity = party.identity AND s.currency = %(currency)s)
ORDER BY party.identity
ON CONFLICT (organization_id, identity, currency) DO NOTHING
"""


def make_wish_statement(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    identities: Sequence[Identity],
    currency: str,
    timezone: str,
    bands: Sequence[tuple[int, int]],
    at: datetime,
    now: datetime,
) -> Statement:
    """Return the statement that has the worker sum up these identities, for payments like the one at `at`.

    One that is judged as of an earlier time has them summed up to that time, not to the present.
    """
    return Statement(
        _WISH,
        {
            "organization_id": organization_id,
            "environment": environment.value,
            "kinds": [int(identity.kind) for identity in identities],
            "identities": [identity.digest for identity in identities],
            "currency": currency,
            "timezone": timezone,
            "bands": write_bands(bands),
            "wanted_at": at if now - at > LIVE else None,
            "now": now,
        },
    )


def make_transaction_statement(*, row: NewTransaction) -> Statement:
    """Return the statement that inserts the payment fact."""
    return Statement(_INSERT_TRANSACTION, _transaction_parameters(row))


def make_history_statement(*, row: NewTransaction, identities: tuple[Identity, ...]) -> Statement | None:
    """Return the statement that makes the payment count, one row per identity, or None when it is not to count.

    `identities` is what `list_identities` gave for the payment. An account's row knows its origin and the folded name
    of the beneficiary, an origin's row knows the account.
    """
    if not row.is_counted or not identities:
        return None
    return Statement(
        _INSERT_HISTORY, _history_parameters(row, list_parties(identities=identities, details=row.details))
    )


def list_parties(
    *, identities: tuple[Identity, ...], details: dict[str, Any]
) -> list[tuple[Identity, Identity | None, str | None]]:
    """Return each identity with its counterparty and, for an account, the folded name it was paid under."""
    by_kind = {identity.kind: identity for identity in identities}
    account, origin = by_kind.get(IdentityKind.BENEFICIARY), by_kind.get(IdentityKind.ORIGIN)
    parties: list[tuple[Identity, Identity | None, str | None]] = []
    for identity in identities:
        match identity.kind:
            case IdentityKind.BENEFICIARY:
                parties.append((identity, origin, _beneficiary_name(details)))
            case IdentityKind.ORIGIN:
                parties.append((identity, account, None))
            case _:
                parties.append((identity, None, None))
    return parties


def _beneficiary_name(details: dict[str, Any]) -> str | None:
    name = (details.get("beneficiary") or {}).get("name")
    return (fold_name(name) or None) if name else None


def _transaction_parameters(row: NewTransaction) -> dict[str, Any]:
    return {
        "id": row.id,
        "organization_id": row.organization_id,
        "environment": row.environment.value,
        "flow": row.flow.value,
        "source": row.source.value,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "transaction_type": row.transaction_type,
        "occurred_at": row.occurred_at,
        "decision": row.decision.value,
        "risk_score": row.risk_score,
        "blocked_by": row.blocked_by,
        "signals": list(row.signals),
        "session_id": row.session_id,
        "order_id": row.order_id,
        "payment_id": row.payment_id,
        "customer_id": row.customer_id,
        "submerchant_id": row.submerchant_id,
        "api_key_id": row.api_key_id,
        "is_advisory": row.is_advisory,
        "is_simulated": row.is_simulated,
        "details": _encoder.encode(row.details).decode(),
    }


def _history_parameters(
    row: NewTransaction, parties: list[tuple[Identity, Identity | None, str | None]]
) -> dict[str, Any]:
    return {
        "organization_id": row.organization_id,
        "environment": row.environment.value,
        "transaction_id": row.id,
        "occurred_at": row.occurred_at,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "is_approved": row.decision is Decision.APPROVE,
        "kinds": [int(identity.kind) for identity, _, _ in parties],
        "identities": [identity.digest for identity, _, _ in parties],
        "counterparties": [other.digest if other else None for _, other, _ in parties],
        "names": [name for _, _, name in parties],
    }
