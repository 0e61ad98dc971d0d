"""The newest payments of a flow."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from accounts.models import Organization
from core.environments import Environment
from core.sql import Statement, run_statement
from core.sql_exchange import Rows
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, PAYIN_DETAILS, make_transaction
from transactions import recent
from transactions.models import Transaction
from transactions.recent import RecentPayment, list_newest_payments
from transactions.types import Flow

pytestmark = pytest.mark.django_db
RARE = 2
FREQUENT = 5_000

_FILL = """
INSERT INTO transactions_transaction (
    id, organization_id, environment, flow, source, amount_minor, currency, occurred_at, decision, risk_score, signals,
    is_advisory, is_simulated, details)
SELECT (lpad(to_hex(1795370400000 + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
    %(organization_id)s, 'sandbox', 'payout', 'history', n, 'MXN', timestamptz '2026-11-22T18:00:00Z', 'approve', 0,
    '{}', false, false, '{}'
FROM generate_series(1, %(count)s::int) AS n
"""


def _list(
    organization: Organization, *, most: int = 10, flow: Flow = Flow.PAYIN
) -> list[tuple[RecentPayment, dict[str, Any]]]:
    return list_newest_payments(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        flow=flow,
        since=NOW - timedelta(days=30),
        most=most,
    )


def _make_payments(organization: Organization) -> list[Transaction]:
    """Make payments of two currencies in turn, the newest first."""
    return [
        make_transaction(organization=organization, currency=currency, occurred_at=NOW - timedelta(hours=hours))
        for hours, currency in enumerate(("MXN", "USD", "MXN", "MXN"))
    ]


def test_the_newest_of_all_currencies_come_first_with_their_details() -> None:
    organization = make_organization()
    payments = _make_payments(organization)
    found = _list(organization)
    assert [payment.id for payment, _details in found] == [payment.id for payment in payments]
    assert [details for _payment, details in found] == [PAYIN_DETAILS] * len(payments)
    assert [payment.id for payment, _details in _list(organization, most=2)] == [each.id for each in payments[:2]]


def test_other_flows_and_tenants_and_what_counts_nowhere_are_left_out() -> None:
    organization = make_organization()
    payout = make_transaction(organization=organization, flow=Flow.PAYOUT)
    make_transaction(organization=organization, occurred_at=NOW - timedelta(days=31))
    make_transaction(organization=organization, is_simulated=True)
    make_transaction(organization=organization, is_advisory=True)
    make_transaction(organization=organization, environment=Environment.PRODUCTION)
    make_transaction(organization=make_organization())
    released = make_transaction(organization=organization)
    Transaction.unscoped.filter(pk=released.pk).update(released_at=NOW)
    assert _list(organization) == []
    assert [payment.id for payment, _details in _list(organization, flow=Flow.PAYOUT)] == [payout.id]


def _count_read(statement: Statement) -> int:
    """Return how many payments the plan reads that the statement has once it is prepared."""
    names = list(statement.parameters)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement.sql)
    run_statement(Statement("SET LOCAL plan_cache_mode = force_generic_plan", {}))
    run_statement(Statement(f"PREPARE newest ({', '.join(['unknown'] * len(names))}) AS {numbered}", {}))
    with connection.cursor() as cursor:
        values = sql.SQL(", ").join([sql.Literal(value) for value in statement.parameters.values()])
        call = sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE newest ({})").format(values)
        cursor.execute(call.as_string(cursor.connection))
        (plan,) = cursor.fetchone()[0]
    run_statement(Statement("DEALLOCATE newest", {}))
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in _walk(plan["Plan"])
        if node.get("Relation Name") == "transactions_transaction"
    )


def _walk(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _walk(child))]


@pytest.mark.parametrize(("flow", "most"), [(Flow.PAYIN, RARE), (Flow.PAYOUT, 50)])
def test_no_more_payments_are_read_than_are_wanted(monkeypatch: pytest.MonkeyPatch, flow: Flow, most: int) -> None:
    organization = make_organization()
    for hours in range(RARE):
        make_transaction(organization=organization, occurred_at=NOW - timedelta(hours=hours))
    run_statement(Statement(_FILL, {"organization_id": organization.id, "count": FREQUENT}))
    run_statement(Statement("ANALYZE transactions_transaction", {}))
    run: list[Statement] = []

    def note(statement: Statement) -> Rows:
        run.append(statement)
        return run_statement(statement)

    monkeypatch.setattr(recent, "run_statement", note)
    assert len(_list(organization, most=50, flow=flow)) == most
    assert [_count_read(statement) for statement in run] == [2 * most]
