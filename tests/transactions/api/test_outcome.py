"""`POST /api/v1/merchant/transactions/{id}/outcome`."""

import uuid
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Organization
from accounts.types import KeyType, Role
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token
from tests.factories.transactions import NOW, make_transaction
from transactions.models import Transaction
from transactions.types import Decision, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.transactions.urls")]


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def server(organization: Organization) -> dict[str, str]:
    return bearer(make_api_key(organization=organization)[1])


def _post(server: dict[str, str], transaction_id: Any, body: Any, **options: Any) -> Any:
    url = f"/api/v1/merchant/transactions/{transaction_id}/outcome"
    return Client().post(url, body, content_type="application/json", **(server | options))


def _outcome(transaction: Transaction) -> tuple[str | None, datetime | None]:
    rows = Transaction.objects.for_organization(transaction.organization_id, Environment(transaction.environment))
    row = rows.get(pk=transaction.pk)
    return row.outcome, row.outcome_at


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_is_kept_and_answered_with_the_payment(
    organization: Organization, server: dict[str, str], outcome: Outcome
) -> None:
    transaction = make_transaction(organization=organization, decision=Decision.REVIEW)
    with time_machine.travel(NOW, tick=False):
        response = _post(server, transaction.id, {"outcome": outcome})
    assert response.status_code == 200
    item = response.json()
    assert (item["id"], item["outcome"], item["outcome_at"]) == (
        str(transaction.id),
        outcome,
        "2026-11-22T18:00:00.000Z",
    )
    assert _outcome(transaction) == (outcome, NOW)
    event = Event.objects.for_organization(organization.id, Environment.SANDBOX).get()
    assert (event.kind, event.subject_id, event.actor_kind) == ("transaction.outcome", str(transaction.id), "api_key")


def test_the_same_again_is_the_same_answer(organization: Organization, server: dict[str, str]) -> None:
    transaction = make_transaction(organization=organization)
    first = _post(server, transaction.id, {"outcome": "returned"})
    again = _post(server, transaction.id, {"outcome": "returned"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert Event.objects.for_organization(organization.id, Environment.SANDBOX).count() == 1


def test_another_final_outcome_is_409_and_changes_nothing(organization: Organization, server: dict[str, str]) -> None:
    transaction = make_transaction(organization=organization)
    _post(server, transaction.id, {"outcome": "cancelled"})
    before = _outcome(transaction)
    response = _post(server, transaction.id, {"outcome": "released"})
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "DUPLICATE"
    assert response.json()["error"]["details"] == {"reason": "outcome_stands", "outcome": "cancelled"}
    assert _outcome(transaction) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "approved"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({"outcome": ["released"]}, "outcome"),
    ],
)
def test_a_body_that_says_no_outcome_is_400(
    organization: Organization, server: dict[str, str], body: dict[str, Any], field: str
) -> None:
    transaction = make_transaction(organization=organization)
    response = _post(server, transaction.id, body)
    assert response.status_code == 400
    assert list(response.json()["error"]["details"]["fields"]) == [field]
    assert _outcome(transaction) == (None, None)


@pytest.mark.parametrize("body", ["[]", "{", '"released"'])
def test_a_body_that_is_no_object_is_400(organization: Organization, server: dict[str, str], body: str) -> None:
    response = _post(server, make_transaction(organization=organization).id, body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_another_media_type_is_415(organization: Organization, server: dict[str, str]) -> None:
    url = f"/api/v1/merchant/transactions/{make_transaction(organization=organization).id}/outcome"
    response = Client().post(url, {"outcome": "released"}, **server)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_simulated_payment_is_400(organization: Organization, server: dict[str, str]) -> None:
    transaction = make_transaction(organization=organization, is_simulated=True)
    response = _post(server, transaction.id, {"outcome": "released"})
    assert (response.status_code, response.json()["error"]["details"]) == (400, {"reason": "simulated"})
    assert _outcome(transaction) == (None, None)


@pytest.mark.parametrize("text", ["nonsense", str(uuid.UUID(int=1))])
def test_an_id_that_nothing_has_is_404(server: dict[str, str], text: str) -> None:
    assert _post(server, text, {"outcome": "released"}).status_code == 404


def test_a_stranger_or_another_environment_finds_nothing_and_changes_nothing(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    stranger = make_api_key(organization=make_organization())[1]
    elsewhere = make_api_key(organization=organization, environment=Environment.PRODUCTION)[1]
    for key in (stranger, elsewhere):
        response = _post(bearer(key), transaction.id, {"outcome": "released"})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert _outcome(transaction) == (None, None)


def test_only_a_secret_key_that_may_write_tells_outcomes(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    publishable = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE)[1]
    ingest = make_api_key(organization=organization, key_type=KeyType.INGEST)[1]
    reader = make_api_key(organization=organization, permissions=["transactions:read"])[1]
    session = session_token(make_member(organization=organization, role=Role.ADMIN))
    answers = [
        _post(headers, transaction.id, {"outcome": "released"})
        for headers in ({}, bearer(publishable), bearer(ingest), bearer(reader), bearer(session))
    ]
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [
        (401, "UNAUTHORIZED"),
        (403, "PUBLIC_KEY_NOT_ALLOWED"),
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (401, "UNAUTHORIZED"),
    ]
    assert _outcome(transaction) == (None, None)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_outcomes_are_only_posted(organization: Organization, server: dict[str, str], method: str) -> None:
    url = f"/api/v1/merchant/transactions/{make_transaction(organization=organization).id}/outcome"
    response = getattr(Client(), method)(url, **server)
    assert (response.status_code, response["Allow"]) == (405, "POST")
