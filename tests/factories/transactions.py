"""Payments for tests, recorded by the statements of the hot path. Every row says whose it is."""

from datetime import UTC, datetime
from typing import Any

from accounts.models import Organization
from core.actor import Actor, make_system_actor
from core.environments import Environment
from core.ids import make_uuid7
from core.sql import run_statement
from transactions.identities import list_identities
from transactions.models import Transaction
from transactions.recording import make_history_statement, make_transaction_statement
from transactions.types import Decision, Flow, NewTransaction

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)

PAYIN_DETAILS: dict[str, Any] = {
    "email": "ana@example.com",
    "customer_id": "cus_1",
    "payment_method": {"card_bin": "411111", "card_last4": "1234", "card_hash": "h_1"},
    "device": {"ip": "203.0.113.7", "fingerprint": "dev_1"},
}
PAYOUT_DETAILS: dict[str, Any] = {
    "customer_id": "cus_1",
    "origin": {"account_id": "acct_1", "country": "MX"},
    "beneficiary": {"clabe": "012180001234567899", "name": "Comercializadora Núñez, S.A. de C.V.", "country": "MX"},
    "device": {"ip": "203.0.113.7", "fingerprint": "dev_1"},
}


def make_new_transaction(*, organization: Organization, **fields: Any) -> NewTransaction:
    """Return an approved pay-in of the sandbox, MXN 150.00, unless told otherwise."""
    at = fields.get("occurred_at", NOW)
    flow = fields.get("flow", Flow.PAYIN)
    given: dict[str, Any] = {
        "id": make_uuid7(at=at),
        "environment": Environment.SANDBOX,
        "flow": flow,
        "amount_minor": 15_000,
        "currency": "MXN",
        "occurred_at": at,
        "decision": Decision.APPROVE,
        "risk_score": 0,
        "details": PAYIN_DETAILS if flow is Flow.PAYIN else PAYOUT_DETAILS,
    }
    return NewTransaction(organization_id=organization.id, **(given | fields))


def make_transaction(*, organization: Organization, **fields: Any) -> Transaction:
    """Insert the payment of `make_new_transaction`, with its history unless it is simulated or advisory."""
    row = make_new_transaction(organization=organization, **fields)
    identities = list_identities(environment=row.environment, flow=row.flow, details=row.details)
    history = make_history_statement(row=row, identities=identities)
    run_statement(make_transaction_statement(row=row))
    if history is not None:
        run_statement(history)
    return Transaction.objects.for_organization(organization.id, row.environment).get(pk=row.id)


def make_operator(organization: Organization, environment: Environment = Environment.SANDBOX) -> Actor:
    """Return the system as an actor of that organization."""
    return make_system_actor(organization_id=organization.id, environment=environment, name="test")
