"""Reads of payments: one query, by index, whatever the number of rows."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_transaction
from transactions.queries import find_tenant, list_amount_series, list_tenants, list_transactions
from transactions.types import AmountSeries, Flow, Tenant, TransactionFilter

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX

# Ids as make_uuid7 makes them, a second apart; eight digits of the organization keep those of two from meeting.
_FILL = """
INSERT INTO transactions_transaction (
    id, organization_id, environment, flow, source, amount_minor, currency, occurred_at, decision, risk_score, signals,
    payment_id, is_advisory, is_simulated, details)
SELECT (lpad(to_hex(1795370400000 + n * 1000), 12, '0') || '7000' || '8000' || left(%s, 8) || '0000')::uuid,
    %s, 'sandbox', CASE n %% 3 WHEN 0 THEN 'payout' ELSE 'payin' END, 'history', n, 'MXN',
    timestamptz '2026-11-22T18:00:00Z' + n * interval '1 second', 'approve', 0, '{}', 'p_' || n, false, false, '{}'
FROM generate_series(1, %s) AS n
"""


def _fill(organization: Organization, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [str(organization.id), organization.id, count])


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE transactions_transaction")


def _explain(organization: Organization, **wanted: Any) -> str:
    """Return the plan of the page's query as PostgreSQL runs it."""
    with connection.execute_wrapper(_explaining):
        _plans.clear()
        list_transactions(
            organization_id=organization.id, environment=SANDBOX, wanted=TransactionFilter(**({"limit": 50} | wanted))
        )
    (plan,) = _plans
    return plan


_plans: list[str] = []


def _explaining(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    with context["connection"].connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) {sql}", params)
        _plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return execute(sql, params, many, context)


@pytest.fixture
def crowd() -> Organization:
    """An organization with 3,000 payments beside a greater one with 9,000."""
    organization, greater = make_organization(), make_organization()
    _fill(greater, 9_000)
    _fill(organization, 3_000)
    _analyze()
    return organization


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"flow": Flow.PAYIN},
        {"from_at": NOW + timedelta(seconds=100), "until_at": NOW + timedelta(seconds=2_000)},
        {"below_id": uuid.UUID(int=(1795370400000 + 1_500_000) << 80)},
        {"payment_id": "p_77"},
    ],
)
def test_a_page_reads_an_index_of_the_tenant_and_never_the_table(crowd: Organization, wanted: dict[str, Any]) -> None:
    plan = _explain(crowd, **wanted)
    assert "Seq Scan on transactions_transaction" not in plan
    assert re.search(r"Index Scan (Backward )?using transaction_(in_tenant|by_payment)", plan), plan


def test_the_newest_page_comes_off_the_index_without_sorting_and_reads_no_more_than_it_shows(
    crowd: Organization,
) -> None:
    plan = _explain(crowd)
    assert "Sort" not in plan
    found = re.search(r"Index Scan Backward using transaction_in_tenant.*rows=(\d+)", plan)
    assert found is not None, plan
    assert int(found[1]) == 51


def test_a_page_is_one_query_whatever_its_length(django_assert_num_queries: Any) -> None:
    organization = make_organization()
    for _ in range(2):
        for n in range(6):
            make_transaction(organization=organization, occurred_at=NOW + timedelta(seconds=n), details={})
        with django_assert_num_queries(1):
            rows, _ = list_transactions(
                organization_id=organization.id, environment=SANDBOX, wanted=TransactionFilter(limit=50)
            )
            assert [row.submerchant for row in rows] == [None] * len(rows)


def test_a_payments_tenant_is_found_by_its_id_alone() -> None:
    organization = make_organization()
    row = make_transaction(organization=organization, environment=Environment.PRODUCTION)
    assert find_tenant(transaction_id=row.id) == (organization.id, Environment.PRODUCTION)
    assert find_tenant(transaction_id=uuid.UUID(int=1)) is None


def test_tenants_are_organizations_and_environments_with_payments() -> None:
    organization = make_organization(timezone="America/Santiago")
    make_organization()
    make_transaction(organization=organization, environment=Environment.PRODUCTION)
    make_transaction(organization=organization)
    assert [tenant for tenant in list_tenants() if tenant.organization_id == organization.id] == [
        Tenant(organization_id=organization.id, environment=environment, timezone="America/Santiago")
        for environment in (Environment.PRODUCTION, Environment.SANDBOX)
    ]
    assert len(list_tenants()) == 2


def test_series_are_flows_and_currencies_of_counted_payments_with_their_latest_time() -> None:
    organization = make_organization()
    earlier, later = NOW - timedelta(days=1), NOW
    for at in (later, earlier):
        make_transaction(organization=organization, currency="MXN", occurred_at=at)
    make_transaction(organization=organization, currency="USD", flow=Flow.PAYOUT, occurred_at=earlier)
    make_transaction(organization=organization, currency="CLP", occurred_at=earlier)
    make_transaction(organization=organization, currency="EUR", is_simulated=True)
    make_transaction(organization=organization, currency="GBP", is_advisory=True)
    make_transaction(organization=organization, currency="BRL", environment=Environment.PRODUCTION)
    make_transaction(organization=make_organization(), currency="PEN")
    assert list_amount_series(organization_id=organization.id, environment=SANDBOX) == [
        AmountSeries(flow=Flow.PAYIN, currency="CLP", last_at=earlier),
        AmountSeries(flow=Flow.PAYIN, currency="MXN", last_at=later),
        AmountSeries(flow=Flow.PAYOUT, currency="USD", last_at=earlier),
    ]


def test_an_organization_without_payments_has_no_series() -> None:
    assert list_amount_series(organization_id=make_organization().id, environment=SANDBOX) == []
