"""Loading: what is inserted, what was there already, and what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, PAYIN_DETAILS, PAYOUT_DETAILS, make_operator, make_transaction
from transactions.models import IdentityEvent, Transaction
from transactions.services import load_history as loading
from transactions.services.load_history import load_history
from transactions.types import Flow, HistoryRow, LoadedHistory

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX
THEN = NOW - timedelta(days=30)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _row(**fields: Any) -> HistoryRow:
    flow = fields.get("flow", Flow.PAYIN)
    given: dict[str, Any] = {
        "flow": flow,
        "occurred_at": THEN,
        "amount_minor": 100,
        "currency": "MXN",
        "details": PAYIN_DETAILS if flow is Flow.PAYIN else PAYOUT_DETAILS,
    }
    return HistoryRow(**(given | fields))


def _load(organization: Organization, *rows: HistoryRow, environment: Environment = SANDBOX) -> LoadedHistory:
    with unit_of_work():
        return load_history(actor=make_operator(organization, environment), rows=iter(rows), now=NOW)


def _transactions(organization: Organization, environment: Environment = SANDBOX) -> list[Transaction]:
    return list(Transaction.objects.for_organization(organization.id, environment).order_by("id"))


def _events(organization: Organization) -> list[dict[str, Any]]:
    rows = IdentityEvent.objects.for_organization(organization.id, SANDBOX)
    values = rows.order_by("transaction_id", "kind").values("kind", "identity", "counterparty", "name", "is_approved")
    return [dict(row) for row in values]


@pytest.mark.parametrize("flow", list(Flow))
def test_a_loaded_payment_counts_just_as_one_that_was_assessed(organization: Organization, flow: Flow) -> None:
    assessed = make_organization()
    make_transaction(organization=assessed, flow=flow, occurred_at=THEN, amount_minor=100)
    assert _load(organization, _row(flow=flow)) == LoadedHistory(loaded=1, duplicates=0, first_at=THEN, last_at=THEN)
    assert _events(organization) == _events(assessed)


def test_a_loaded_payment_is_an_approved_fact_of_the_past(organization: Organization) -> None:
    details = {"customer_id": "a\\b", "beneficiary": {"name": "Tab\tNew\nLine \\N \\. \U0001f600"}}
    _load(organization, _row(payment_id="p\\1", customer_id="a\\b", details=details, amount_minor=10**15))
    (row,) = _transactions(organization)
    assert (row.source, row.decision, row.risk_score, row.signals) == ("history", "approve", 0, [])
    assert (row.flow, row.amount_minor, row.currency, row.occurred_at) == ("payin", 10**15, "MXN", THEN)
    assert (row.payment_id, row.customer_id, row.details) == ("p\\1", "a\\b", details)
    assert (row.is_advisory, row.is_simulated, row.session_id, row.released_at) == (False, False, None, None)


def test_the_same_rows_twice_add_nothing(organization: Organization) -> None:
    rows = [_row(payment_id=f"p_{n}", occurred_at=THEN + timedelta(seconds=n)) for n in range(3)]
    rows += [_row(amount_minor=n) for n in range(3)]
    assert _load(organization, *rows).loaded == 6
    again = _load(organization, *rows)
    assert again == LoadedHistory(loaded=0, duplicates=6)
    assert len(_transactions(organization)) == 6
    assert len(_events(organization)) == 6 * 5


def test_a_payment_id_names_one_payment_of_a_flow(organization: Organization) -> None:
    loaded = _load(
        organization,
        _row(payment_id="p_1"),
        _row(payment_id="p_1", occurred_at=THEN + timedelta(days=1)),
        _row(payment_id="p_1", flow=Flow.PAYOUT),
    )
    assert (loaded.loaded, loaded.duplicates) == (2, 1)
    corrected = _row(payment_id="p_1", amount_minor=999)
    assert _load(organization, corrected).duplicates == 1
    assert {row.amount_minor for row in _transactions(organization)} == {100}


def test_rows_without_a_payment_id_that_say_the_same_are_one_payment(organization: Organization) -> None:
    assert _load(organization, _row(), _row(), _row(amount_minor=101)).duplicates == 1
    assert len(_transactions(organization)) == 2


def test_a_payment_that_was_assessed_is_not_loaded_again(organization: Organization) -> None:
    make_transaction(organization=organization, payment_id="p_1", occurred_at=THEN)
    make_transaction(organization=organization, payment_id="p_2", occurred_at=THEN, is_simulated=True)
    loaded = _load(organization, _row(payment_id="p_1"), _row(payment_id="p_2"))
    assert (loaded.loaded, loaded.duplicates) == (1, 1)


def test_organizations_and_environments_do_not_meet(organization: Organization) -> None:
    stranger = make_organization()
    assert _load(organization, _row(payment_id="p_1")).loaded == 1
    assert _load(stranger, _row(payment_id="p_1")).loaded == 1
    assert _load(organization, _row(payment_id="p_1"), environment=Environment.PRODUCTION).loaded == 1
    ids = {
        row.id
        for row in (
            *_transactions(organization),
            *_transactions(stranger),
            *_transactions(organization, Environment.PRODUCTION),
        )
    }
    assert len(ids) == 3


def test_batches_join_up(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 2)
    rows = [_row(payment_id=f"p_{n % 5}", occurred_at=THEN + timedelta(seconds=n % 5)) for n in range(11)]
    assert _load(organization, *rows) == LoadedHistory(
        loaded=5, duplicates=6, first_at=THEN, last_at=THEN + timedelta(seconds=4)
    )


def test_the_planner_is_told_of_rows_that_nobody_else_sees_yet(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 10)
    with unit_of_work():
        rows = [_row(payment_id=f"p_{n}") for n in range(20)]
        load_history(actor=make_operator(organization), rows=rows, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'transactions_transaction'")
            assert cursor.fetchone() == (10.0,)


def test_what_fails_midway_leaves_nothing(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 1)

    def breaking_off() -> Any:
        yield _row(payment_id="p_1")
        raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"), unit_of_work():
        load_history(actor=make_operator(organization), rows=breaking_off(), now=NOW)
    assert _transactions(organization) == []
    assert _events(organization) == []


def test_a_load_is_recorded_with_its_counts_and_no_personal_data(organization: Organization) -> None:
    _load(organization, _row(payment_id="p_1"), _row(payment_id="p_1"))
    event = Event.objects.for_organization(organization.id, SANDBOX).get()
    assert (event.kind, event.subject_type, event.subject_id) == (
        "history.loaded",
        "organization",
        str(organization.id),
    )
    assert event.payload == {
        "loaded": 1,
        "duplicates": 1,
        "first_at": "2026-10-23T18:00:00+00:00",
        "last_at": "2026-10-23T18:00:00+00:00",
    }


def test_outside_a_unit_of_work_nothing_is_loaded(organization: Organization) -> None:
    with pytest.raises(UnitOfWorkMisused):
        load_history(actor=make_operator(organization), rows=[_row()], now=NOW)
