"""Filling a database: every row is what the hot path would have written, and the schema is whole afterwards."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.types import KeyType
from bench.dataset.filling import Tenant, fill
from bench.dataset.sizes import Size
from core.clock import read_clock
from core.environments import Environment
from tests.factories.accounts import make_api_key, make_organization
from tests.web import database_url
from transactions.identities import list_identities
from transactions.models import IdentityEvent, Transaction
from transactions.recording import list_parties
from transactions.types import Decision, Flow

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = Size(300, 200)
_SCHEMA = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def read_schema() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA)
        return set(cursor.fetchall())


def make_tenant() -> Tenant:
    organization = make_organization()
    key, _ = make_api_key(organization=organization, key_type=KeyType.SECRET, environment=Environment.PRODUCTION)
    return Tenant(organization.id, key.id)


@pytest.fixture
def tenants(transactional_db: None) -> tuple[Tenant, Tenant]:
    bank, merchant = make_tenant(), make_tenant()
    before = read_schema()
    fill(database_url(), size=SIZE, bank=bank, merchant=merchant, now=read_clock(), say=lambda _: None)
    assert read_schema() == before
    return bank, merchant


def test_the_past_is_what_the_hot_path_would_have_written(tenants: tuple[Tenant, Tenant]) -> None:
    bank, merchant = tenants
    payments = list(Transaction.unscoped.all())
    assert len(payments) == SIZE.payments
    assert {(payment.flow, payment.organization_id) for payment in payments} == {
        (Flow.PAYOUT.value, bank.organization_id),
        (Flow.PAYIN.value, merchant.organization_id),
    }
    expected = {row for payment in payments for row in _list_rows(payment)}
    rows = IdentityEvent.unscoped.values_list(
        "transaction_id", "kind", "identity", "counterparty", "name", "occurred_at", "amount_minor", "currency",
        "is_approved",
    )  # fmt: skip
    assert set(rows) == expected
    assert IdentityEvent.unscoped.count() == 2 * SIZE.payouts + 5 * SIZE.payins


def _list_rows(payment: Transaction) -> list[tuple[object, ...]]:
    flow = Flow(payment.flow)
    identities = list_identities(environment=Environment.PRODUCTION, flow=flow, details=payment.details)
    facts = (payment.occurred_at, payment.amount_minor, payment.currency, payment.decision == Decision.APPROVE.value)
    return [
        (payment.id, int(identity.kind), identity.digest, other.digest if other else None, name, *facts)
        for identity, other, name in list_parties(identities=identities, details=payment.details)
    ]


def test_ids_follow_the_payments_own_time_and_the_past_is_ninety_days(tenants: tuple[Tenant, Tenant]) -> None:
    payments = list(Transaction.unscoped.order_by("id"))
    for payment in payments:
        seconds = (payment.id.int >> 80) / 1000
        assert abs(seconds - payment.occurred_at.timestamp()) < 0.005
        assert payment.details["amount_minor"] == payment.amount_minor
    now = read_clock()
    assert now - timedelta(days=91) < min(payment.occurred_at for payment in payments)
    assert max(payment.occurred_at for payment in payments) < now


def test_each_organization_has_the_whole_list_and_nothing_is_left_behind(tenants: tuple[Tenant, Tenant]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, count(*) FROM blocklists_blocklistentry GROUP BY 1")
        assert dict(cursor.fetchall()) == {tenant.organization_id: SIZE.entries for tenant in tenants}
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'bench%'")
        assert cursor.fetchone() == (0,)
