"""Every look-up of history goes through an index, whatever PostgreSQL knows, or does not, about who is asked for."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from core.sql import Statement, run_statement
from tests.factories.accounts import make_organization
from transactions.activity import Asked
from transactions.history import (
    make_amounts_statement,
    make_events_statement,
    make_names_statement,
    make_pair_statement,
    make_prior_fraud_statement,
    make_session_statement,
    make_whole_statements,
)
from transactions.identities import Identity
from transactions.moments import make_local_moments
from transactions.types import Flow, IdentityKind

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 18, tzinfo=UTC)  # nine days after New York's clocks changed
BIG, SMALL, NEW = 0, 7, 99_999

# 10,000 payouts, 20,000 rows of history. Half of them are of one origin to one account; the rest are of 200 to 2,000.
_FILL = """
INSERT INTO transactions_transaction (id, organization_id, environment, flow, source, amount_minor, currency,
    occurred_at, decision, risk_score, signals, session_id, is_advisory, is_simulated, details)
SELECT md5('t' || n)::uuid, %(organization_id)s::uuid, 'sandbox', 'payout', 'assess', n, 'MXN',
    %(now)s::timestamptz - n * interval '8 minutes', 'approve', 0, '{}', 'ps_' || n, mod(n, 50) = 0, false, '{}'
FROM generate_series(1, 10000) AS n
"""
_FILL_HISTORY = """
INSERT INTO transactions_identityevent (organization_id, environment, transaction_id, kind, identity, occurred_at,
    amount_minor, currency, counterparty, name, is_approved)
SELECT %(organization_id)s::uuid, 'sandbox', md5('t' || n)::uuid, party.kind, md5(party.mine)::uuid,
    %(now)s::timestamptz - n * interval '8 minutes', n, 'MXN', md5(party.other)::uuid, party.name, true
FROM generate_series(1, 10000) AS n
CROSS JOIN LATERAL (
    SELECT CASE WHEN mod(n, 2) = 0 THEN 0 ELSE mod(n, 200) END AS origin,
           CASE WHEN mod(n, 4) < 2 THEN 0 ELSE mod(n, 2000) END AS account
) AS who
CROSS JOIN LATERAL (VALUES
    (7, 'o' || origin, 'a' || account, NULL), (6, 'a' || account, 'o' || origin, 'name ' || mod(n, 1999))
) AS party (kind, mine, other, name)
"""
_FILL_MARKS = """
INSERT INTO transactions_fraudmark (organization_id, environment, transaction_id, kind, identity, marked_at)
SELECT %(organization_id)s::uuid, 'sandbox', md5('t' || n)::uuid, 7, md5('o' || mod(n, 200))::uuid, %(now)s::timestamptz
FROM generate_series(1, 5000) AS n
"""
_FILL_SUMMARIES = """
INSERT INTO transactions_activitysummary (id, organization_id, environment, kind, identity, currency, timezone, bands,
    document, until, wanted_at, next_at)
SELECT md5('y' || n)::uuid, %(organization_id)s::uuid, 'sandbox', 7, md5('o' || n)::uuid, 'MXN', 'America/New_York',
    '4500000-4999999', '{}', %(now)s::timestamptz - interval '5 minutes', %(now)s::timestamptz, %(now)s::timestamptz
FROM generate_series(0, 2000) AS n
"""
_FILL_SNAPSHOTS = """
INSERT INTO transactions_amountsnapshot (id, organization_id, environment, flow, currency, day, ends_at, median_minor,
    mad_minor, events)
SELECT md5('s' || n)::uuid, %(organization_id)s::uuid, 'sandbox', 'payout', 'MXN', %(now)s::date - n,
    %(now)s::timestamptz - n * interval '1 day', 1, 1, 50
FROM generate_series(1, 2000) AS n
"""


@pytest.fixture
def bank(db: None) -> Organization:
    """A bank with some history, of which PostgreSQL has made its statistics."""
    bank = make_organization()
    for fill in (_FILL, _FILL_HISTORY, _FILL_MARKS, _FILL_SUMMARIES, _FILL_SNAPSHOTS):
        run_statement(Statement(fill, {"organization_id": bank.id, "now": NOW}))
    with connection.cursor() as cursor:
        for table in ("transaction", "identityevent", "fraudmark", "activitysummary", "amountsnapshot"):
            cursor.execute(f"ANALYZE transactions_{table}")
    return bank


def _digest(text: str) -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(%s)::uuid", [text])
        found: uuid.UUID = cursor.fetchone()[0]
        return found


def _list_statements(bank: Organization, number: int, currency: str) -> dict[str, Statement]:
    origin = Identity(IdentityKind.ORIGIN, _digest(f"o{number}"))
    account = Identity(IdentityKind.BENEFICIARY, _digest(f"a{number}"))
    sandbox = Environment.SANDBOX
    asked = Asked(
        at=NOW,
        currency=currency,
        bands=[(4_500_000, 4_999_999)],
        moments=make_local_moments(at=NOW, timezone="America/New_York"),
    )
    day, hours = make_whole_statements(organization_id=bank.id, identity=origin, asked=asked)
    return {
        "events": make_events_statement(organization_id=bank.id, identities=[account, origin], asked=asked),
        "whole day": day,
        "whole month": hours,
        "amounts": make_amounts_statement(
            organization_id=bank.id, environment=sandbox, flow=Flow.PAYOUT, identity=origin, currency=currency, at=NOW
        ),
        "pair": make_pair_statement(organization_id=bank.id, origin=origin, account=account, at=NOW),
        "names": make_names_statement(organization_id=bank.id, account=account, at=NOW),
        "prior fraud": make_prior_fraud_statement(organization_id=bank.id, identities=[origin], at=NOW),
        "session": make_session_statement(
            organization_id=bank.id, environment=sandbox, session_id="ps_50", since=NOW - timedelta(days=30)
        ),
    }


INDEXES = {
    "events": {"identity_by_currency", "identity_pairs", "activity_summary_once"},
    "whole day": {"identity_by_currency", "identity_pairs"},
    "whole month": {"identity_by_currency"},
    "amounts": {"identity_by_currency", "amount_snapshot_once"},
    "pair": {"identity_pairs"},
    "names": {"identity_names"},
    "prior fraud": {"fraud_mark_by_identity"},
    "session": {"transaction_by_session"},
}


def _explain(statement: Statement) -> dict[str, Any]:
    """Return the plan made for these very values."""
    return _read_plan(run_statement(Statement(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters)))


def _explain_for_anybody(statement: Statement) -> dict[str, Any]:
    """Return the plan that PostgreSQL keeps for whatever values come."""
    places = {name: f"${number}" for number, name in enumerate(statement.parameters, start=1)}
    numbered = re.sub(r"%\((\w+)\)s", lambda found: places[found[1]], statement.sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered}")
        return _read_plan(cursor.fetchall())


def _read_plan(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    plan: dict[str, Any] = rows[0][0][0]["Plan"]
    return plan


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _walk(child)


def _indexes_of(plan: dict[str, Any]) -> set[str]:
    assert not [node["Relation Name"] for node in _walk(plan) if node["Node Type"] == "Seq Scan"]
    return {node["Index Name"] for node in _walk(plan) if "Index Name" in node}


_INDEXES = """
SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = 'transactions_identityevent'::regclass
"""


@pytest.fixture
def large_bank(bank: Organization) -> Organization:
    """The bank, its indexes blown up to many pages, as they have after years: a search in them seems dear then."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        for (index,) in cursor.fetchall():
            cursor.execute(f"ALTER INDEX {index} SET (fillfactor = 10)")
            cursor.execute(f"REINDEX INDEX {index}")
        cursor.execute("ANALYZE transactions_identityevent")
    return bank


@pytest.mark.parametrize("bank_of", ["bank", "large_bank"])
def test_every_look_up_is_made_through_its_index(request: pytest.FixtureRequest, bank_of: str) -> None:
    bank: Organization = request.getfixturevalue(bank_of)
    for number, currency in product([BIG, SMALL, NEW], ["MXN", "CLP"]):
        for name, statement in _list_statements(bank, number, currency).items():
            for explain in (_explain, _explain_for_anybody):
                assert (name, _indexes_of(explain(statement))) == (name, INDEXES[name])
