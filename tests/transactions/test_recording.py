"""The statements that record a payment."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization, Submerchant
from core.environments import Environment
from core.sql import run_statement, run_statements
from tests.factories.accounts import make_api_key, make_organization
from tests.factories.transactions import (
    NOW,
    PAYIN_DETAILS,
    PAYOUT_DETAILS,
    make_new_transaction,
    make_transaction,
)
from transactions.identities import Identity, list_identities
from transactions.models import IdentityEvent, Transaction
from transactions.recording import make_history_statement, make_transaction_statement
from transactions.types import Decision, Flow, IdentityKind, NewTransaction, Source

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX


def _identities(row: NewTransaction) -> tuple[Identity, ...]:
    return list_identities(environment=row.environment, flow=row.flow, details=row.details)


def _events(organization: Organization) -> list[dict[str, Any]]:
    rows = IdentityEvent.objects.for_organization(organization.id, SANDBOX).order_by("kind").values()
    return [dict(row) for row in rows]


def test_every_field_of_a_payment_is_recorded_as_given() -> None:
    organization = make_organization()
    key, _ = make_api_key(organization=organization)
    submerchant = Submerchant.objects.create(
        organization_id=organization.id, environment=SANDBOX, external_id="shop", name="Shop"
    )
    row = make_new_transaction(
        organization=organization,
        amount_minor=10**15,
        transaction_type="payment",
        decision=Decision.DECLINE,
        risk_score=100,
        blocked_by="blocklist:email",
        signals=("blocklist_email", "high_velocity"),
        session_id="ps_1",
        order_id="o_1",
        payment_id="p_1",
        customer_id="cus_1",
        submerchant_id=submerchant.id,
        api_key_id=key.id,
    )
    run_statement(make_transaction_statement(row=row))

    stored = Transaction.objects.for_organization(organization.id, SANDBOX).get()
    for name in ("id", "amount_minor", "currency", "transaction_type", "occurred_at", "risk_score", "blocked_by",
                 "session_id", "order_id", "payment_id", "customer_id", "submerchant_id", "api_key_id",
                 "is_advisory", "is_simulated", "details"):  # fmt: skip
        assert getattr(stored, name) == getattr(row, name), name
    assert (stored.flow, stored.source, stored.decision) == ("payin", Source.ASSESS, "decline")
    assert stored.signals == ["blocklist_email", "high_velocity"]
    assert (stored.released_at, stored.outcome, stored.is_fraudulent, stored.labelled_at) == (None, None, None, None)


def test_an_absent_text_and_an_empty_one_stay_apart() -> None:
    row = make_transaction(organization=make_organization(), order_id="", payment_id=None)
    assert (row.order_id, row.payment_id) == ("", None)


def test_a_payin_has_a_row_per_identity_without_a_counterparty() -> None:
    organization = make_organization()
    row = make_new_transaction(organization=organization)
    history = make_history_statement(row=row, identities=_identities(row))
    assert history is not None
    run_statements([make_transaction_statement(row=row), history])

    events = _events(organization)
    assert [event["kind"] for event in events] == [1, 2, 3, 4, 5]
    assert {event["identity"] for event in events} == {identity.digest for identity in _identities(row)}
    for event in events:
        assert event["transaction_id"] == row.id
        assert event["occurred_at"] == NOW
        assert (event["amount_minor"], event["currency"]) == (15_000, "MXN")
        assert (event["counterparty"], event["name"], event["is_approved"]) == (None, None, True)


def test_a_payouts_rows_name_each_other_and_the_accounts_row_the_folded_name() -> None:
    organization = make_organization()
    make_transaction(organization=organization, flow=Flow.PAYOUT)
    account, origin = _events(organization)
    assert (account["kind"], origin["kind"]) == (IdentityKind.BENEFICIARY, IdentityKind.ORIGIN)
    assert (account["counterparty"], origin["counterparty"]) == (origin["identity"], account["identity"])
    assert (account["name"], origin["name"]) == ("comercializadora nunez", None)


def test_a_payout_without_an_origin_has_one_row_alone() -> None:
    organization = make_organization()
    make_transaction(organization=organization, flow=Flow.PAYOUT, details={"beneficiary": {"clabe": "0" * 18}})
    (account,) = _events(organization)
    assert (account["counterparty"], account["name"]) == (None, None)


@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.CHALLENGE, Decision.DECLINE])
def test_what_was_not_approved_counts_as_not_approved(decision: Decision) -> None:
    organization = make_organization()
    make_transaction(organization=organization, decision=decision)
    assert [event["is_approved"] for event in _events(organization)] == [False] * 5


@pytest.mark.parametrize("fields", [{"is_simulated": True}, {"is_advisory": True}])
def test_a_simulated_or_advisory_payment_never_enters_history(fields: dict[str, bool]) -> None:
    row = make_new_transaction(organization=make_organization(), **fields)
    assert make_history_statement(row=row, identities=_identities(row)) is None


def test_a_payment_without_identities_has_no_history() -> None:
    row = make_new_transaction(organization=make_organization(), details={})
    assert make_history_statement(row=row, identities=_identities(row)) is None


def test_a_name_of_any_length_fits_the_index() -> None:
    details = PAYOUT_DETAILS | {"beneficiary": {"clabe": "0" * 18, "name": "Ñandú " * 5_000}}
    organization = make_organization()
    make_transaction(organization=organization, flow=Flow.PAYOUT, details=details)
    assert len(_events(organization)[0]["name"]) <= 140


def _list_plans() -> dict[str, str]:
    """Return the table of each insert that this connection has prepared, by the plan's name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, statement FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO transactions_%'"
        )
        return {name: statement.partition("INSERT INTO ")[2].split()[0] for name, statement in cursor.fetchall()}


def test_both_statements_are_one_plan_each_whatever_the_values() -> None:
    """Plans that earlier tests left behind do not count."""
    organization = make_organization()
    key, _ = make_api_key(organization=organization)
    before = _list_plans()
    make_transaction(organization=organization, amount_minor=1)
    make_transaction(
        organization=organization, amount_minor=10**15, api_key_id=key.id, flow=Flow.PAYOUT, session_id="s",
        signals=("a",), details=PAYOUT_DETAILS, risk_score=100, blocked_by="x",
    )  # fmt: skip
    make_transaction(organization=organization, amount_minor=70_000, details=PAYIN_DETAILS | {"email": None})
    after = _list_plans()
    made = [table for name, table in after.items() if name not in before]
    assert len(made) == len(set(made))
    assert set(after.values()) >= {"transactions_identityevent", "transactions_transaction"}


def test_postgresql_refuses_history_under_a_payment_of_another_tenant_or_environment() -> None:
    organization, stranger = make_organization(), make_organization()
    payment = make_transaction(organization=organization, details={})
    row = make_new_transaction(organization=stranger, id=payment.id)
    history = make_history_statement(row=row, identities=_identities(row))
    assert history is not None
    with pytest.raises(IntegrityError, match="identity_event_of_transaction"):
        run_statement(history)


@pytest.mark.parametrize("environment", list(Environment))
def test_a_mark_needs_a_payment_of_the_same_environment(environment: Environment) -> None:
    organization = make_organization()
    payment = make_transaction(organization=organization, details={}, environment=environment)
    other = {Environment.SANDBOX: "production", Environment.PRODUCTION: "sandbox"}[environment]
    with pytest.raises(IntegrityError, match="fraud_mark_of_transaction"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO transactions_fraudmark (organization_id, environment, transaction_id, kind, identity, marked_at)"
            " VALUES (%s, %s, %s, 1, %s, %s)",
            [organization.id, other, payment.id, uuid.uuid4(), NOW],
        )


@pytest.mark.parametrize("field", ["api_key_id", "submerchant_id"])
def test_postgresql_refuses_a_payment_under_another_tenants_or_environments_key_or_submerchant(field: str) -> None:
    organization, stranger = make_organization(), make_organization()
    for owner, environment in ((stranger, SANDBOX), (organization, Environment.PRODUCTION)):
        parents = {
            "api_key_id": make_api_key(organization=owner, environment=environment)[0].id,
            "submerchant_id": Submerchant.objects.create(
                organization_id=owner.id, environment=environment, external_id="shop", name="Shop"
            ).id,
        }
        row = make_new_transaction(organization=organization, **{field: parents[field]})
        with pytest.raises(IntegrityError, match=r"transaction_(by_api_key|of_submerchant)"), transaction.atomic():
            run_statement(make_transaction_statement(row=row))
    assert Transaction.objects.for_organization(organization.id, SANDBOX).count() == 0
