"""`GET /api/v1/merchant/transactions[/{id}]`."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, Submerchant
from accounts.types import KeyType, Role
from core.environments import Environment
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token
from tests.factories.transactions import NOW, make_transaction
from transactions.models import Transaction
from transactions.types import Decision, Flow

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.transactions.urls")]

URL = "/api/v1/merchant/transactions"


@pytest.fixture
def organization() -> Organization:
    return make_organization(timezone="America/Mexico_City")


@pytest.fixture
def server(organization: Organization) -> dict[str, str]:
    return bearer(make_api_key(organization=organization)[1])


def _get(server: dict[str, str], url: str = URL, **query: Any) -> Any:
    return Client().get(url, query, **server)  # type: ignore[arg-type]


def _ids(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["data"]]


def _wrong_field(response: Any) -> str:
    assert response.status_code == 400, response.content
    error = response.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    (field,) = error["details"]["fields"]
    return str(field)


def _make_many(organization: Organization, count: int, **fields: Any) -> list[Transaction]:
    """Insert payments a second apart and return them, the newest first."""
    rows = [
        make_transaction(organization=organization, occurred_at=NOW + timedelta(seconds=n), **fields)
        for n in range(count)
    ]
    return rows[::-1]


def test_a_payment_shows_references_decision_and_fate_and_no_personal_data(
    organization: Organization, server: dict[str, str]
) -> None:
    submerchant = Submerchant.objects.create(
        organization_id=organization.id, environment=Environment.SANDBOX, external_id="shop-1", name="Shop"
    )
    row = make_transaction(
        organization=organization,
        transaction_type="payment",
        decision=Decision.DECLINE,
        risk_score=100,
        signals=("blocklist_email", "disposable_email"),
        blocked_by="blocklist:email",
        session_id="ps_1",
        order_id="o_1",
        payment_id="p_1",
        customer_id="cus_1",
        submerchant_id=submerchant.id,
    )
    Transaction.objects.for_organization(organization.id, Environment.SANDBOX).update(
        created_at=NOW + timedelta(milliseconds=8),
        released_at=NOW + timedelta(minutes=1),
        outcome="cancelled",
        outcome_at=NOW + timedelta(minutes=2),
        is_fraudulent=True,
        fraud_reason="chargeback",
        labelled_at=NOW + timedelta(days=3),
    )
    expected = {
        "id": str(row.id),
        "transaction_id": str(row.id),
        "flow": "payin",
        "decision": "decline",
        "risk_score": 100,
        "signals": ["blocklist_email", "disposable_email"],
        "blocked_by": "blocklist:email",
        "amount": 15_000,
        "amount_unit": "minor",
        "currency": "MXN",
        "transaction_type": "payment",
        "order_id": "o_1",
        "payment_id": "p_1",
        "customer_id": "cus_1",
        "session_id": "ps_1",
        "submerchant_id": str(submerchant.id),
        "submerchant_external_id": "shop-1",
        "simulation": False,
        "occurred_at": "2026-11-22T18:00:00.000Z",
        "created_at": "2026-11-22T18:00:00.008Z",
        "released_at": "2026-11-22T18:01:00.000Z",
        "outcome": "cancelled",
        "outcome_at": "2026-11-22T18:02:00.000Z",
        "is_fraudulent": True,
        "fraud_reason": "chargeback",
        "labelled_at": "2026-11-25T18:00:00.000Z",
    }
    one, page = _get(server, f"{URL}/{row.id}"), _get(server)
    assert (one.status_code, one.json()) == (200, expected)
    assert (page.status_code, page.json()) == (200, {"data": [expected], "next_cursor": None})
    for personal in ("ana@example.com", "203.0.113.7", "411111", "dev_1", "h_1"):
        assert personal not in one.content.decode()


def test_a_simulated_payment_is_shown_with_its_tag(organization: Organization, server: dict[str, str]) -> None:
    row = make_transaction(organization=organization, is_simulated=True)
    assert _get(server, f"{URL}/{row.id}").json()["simulation"] is True


def test_a_page_holds_fifty_and_the_cursor_leads_through_all_of_them_once(
    organization: Organization, server: dict[str, str]
) -> None:
    rows = _make_many(organization, 53, details={})
    first = _get(server)
    assert _ids(first) == [str(row.id) for row in rows[:50]]
    second = _get(server, cursor=first.json()["next_cursor"])
    assert _ids(second) == [str(row.id) for row in rows[50:]]
    assert second.json()["next_cursor"] is None


def test_a_payment_that_comes_between_two_pages_moves_nothing(
    organization: Organization, server: dict[str, str]
) -> None:
    rows = _make_many(organization, 4, details={})
    first = _get(server, limit=2)
    make_transaction(organization=organization, occurred_at=NOW + timedelta(days=1), details={})
    assert _ids(_get(server, limit=2, cursor=first.json()["next_cursor"])) == [str(row.id) for row in rows[2:]]


def test_a_page_that_is_just_full_has_no_next(organization: Organization, server: dict[str, str]) -> None:
    _make_many(organization, 2, details={})
    assert _get(server, limit=2).json()["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"flow": "payin"}, {"plain", "review", "old"}),
        ({"flow": "payout"}, {"payout"}),
        ({"decision": "review"}, {"review"}),
        ({"payment_id": "p_1"}, {"plain"}),
        ({"order_id": "o_1"}, {"review"}),
        ({"session_id": "ps_1"}, {"payout"}),
        ({"flow": "payin", "decision": "approve"}, {"plain", "old"}),
        ({"flow": "payout", "payment_id": "p_1"}, set()),
        ({"payment_id": "nobody's"}, set()),
        ({"from_date": "2026-11-22"}, {"plain", "review", "payout"}),
        ({"to_date": "2026-11-21"}, {"old"}),
        ({"unknown": "parameter"}, {"plain", "review", "payout", "old"}),
    ],
)
def test_filters_narrow_together_and_unknown_parameters_do_nothing(
    organization: Organization, server: dict[str, str], query: dict[str, str], wanted: set[str]
) -> None:
    rows = {
        "plain": make_transaction(organization=organization, payment_id="p_1"),
        "review": make_transaction(organization=organization, decision=Decision.REVIEW, order_id="o_1"),
        "payout": make_transaction(organization=organization, flow=Flow.PAYOUT, session_id="ps_1"),
        "old": make_transaction(organization=organization, occurred_at=NOW - timedelta(days=2)),
    }
    assert set(_ids(_get(server, **query))) == {str(rows[name].id) for name in wanted}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        # 05:59:59.999999Z and 06:00Z are midnight's two sides in Mexico City.
        ({"from_date": "2026-11-22"}, {"midnight", "noon"}),
        ({"to_date": "2026-11-21"}, {"before"}),
        ({"from_date": "2026-11-22", "to_date": "2026-11-22"}, {"midnight", "noon"}),
        ({"from_date": "2026-11-22T06:00:00Z", "to_date": "2026-11-22T06:00:00Z"}, {"midnight"}),
        ({"from_date": "2026-11-22T00:00:00", "to_date": "2026-11-22T00:00:00"}, {"midnight"}),
        ({"from_date": "2026-11-22T00:00:00-06:00"}, {"midnight", "noon"}),
        ({"to_date": "2026-11-22T05:59:59.999999Z"}, {"before"}),
        ({"from_date": "2026-11-22T06:00:00.000001Z"}, {"noon"}),
        ({"from_date": "1970-01-01", "to_date": "9998-12-31"}, {"before", "midnight", "noon"}),
    ],
)
def test_dates_are_whole_days_of_the_organization_and_times_are_exact(
    organization: Organization, server: dict[str, str], query: dict[str, str], wanted: set[str]
) -> None:
    midnight = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    times = {
        "before": midnight - timedelta(microseconds=1),
        "midnight": midnight,
        "noon": midnight + timedelta(hours=12),
    }
    rows = {name: make_transaction(organization=organization, occurred_at=at) for name, at in times.items()}
    assert set(_ids(_get(server, **query))) == {str(rows[name].id) for name in wanted}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("flow", "PAYIN"),
        ("flow", ""),
        ("decision", "blocked"),
        ("payment_id", ""),
        ("payment_id", "a\x00b"),
        ("order_id", "x" * 321),
        ("session_id", ""),
        ("from_date", "yesterday"),
        ("from_date", ""),
        ("from_date", "2026-13-01"),
        ("from_date", "2026-11-22T10:00:00 01:00"),
        ("from_date", "1969-12-31"),
        ("to_date", "9999-12-31"),
        ("to_date", "22/11/2026"),
        ("to_date", "20261122"),
        ("limit", "0"),
        ("limit", "501"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", "1e2"),
        ("limit", "\u0665"),
        ("cursor", ""),
        ("cursor", "AAAA"),
        ("cursor", "é"),
        ("cursor", "A" * 43),
        ("cursor", "A" * 10_000),
    ],
)
def test_what_cannot_be_read_is_400_naming_the_parameter(
    organization: Organization, server: dict[str, str], field: str, value: str
) -> None:
    response = _get(server, **{field: value})
    assert _wrong_field(response) == field
    assert len(value) < 3 or value not in response.json()["error"]["message"]


def test_a_parameter_given_twice_is_400(server: dict[str, str]) -> None:
    assert _wrong_field(Client().get(f"{URL}?flow=payin&flow=payout", **server)) == "flow"  # type: ignore[arg-type]


def test_a_range_that_ends_before_it_begins_is_400(server: dict[str, str]) -> None:
    assert _wrong_field(_get(server, from_date="2026-11-22", to_date="2026-11-21")) == "from_date"


def test_a_cursor_that_was_changed_or_given_to_another_tenant_or_environment_is_400(
    organization: Organization, server: dict[str, str]
) -> None:
    _make_many(organization, 3, details={})
    cursor = _get(server, limit=1).json()["next_cursor"]
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    stranger = bearer(make_api_key(organization=make_organization())[1])
    elsewhere = bearer(make_api_key(organization=organization, environment=Environment.PRODUCTION)[1])
    assert _wrong_field(_get(server, cursor=changed)) == "cursor"
    assert _wrong_field(_get(stranger, cursor=cursor)) == "cursor"
    assert _wrong_field(_get(elsewhere, cursor=cursor)) == "cursor"
    assert len(_ids(_get(server, cursor=cursor))) == 2


def test_a_key_sees_its_own_organization_and_environment_alone(
    organization: Organization, server: dict[str, str]
) -> None:
    mine = make_transaction(organization=organization)
    elsewhere = make_transaction(organization=organization, environment=Environment.PRODUCTION)
    strangers = make_transaction(organization=make_organization())
    assert _ids(_get(server)) == [str(mine.id)]
    for row in (elsewhere, strangers):
        response = _get(server, f"{URL}/{row.id}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("text", ["nonsense", "123", str(uuid.UUID(int=1)), f"{{{uuid.UUID(int=1)}}}", "%00"])
def test_an_id_that_nothing_has_is_404(server: dict[str, str], text: str) -> None:
    response = _get(server, f"{URL}/{text}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")


def test_an_id_is_found_in_any_case(organization: Organization, server: dict[str, str]) -> None:
    row = make_transaction(organization=organization)
    assert _get(server, f"{URL}/{str(row.id).upper()}").json()["id"] == str(row.id)


@pytest.mark.parametrize("url", [URL, f"{URL}/{uuid.UUID(int=1)}"])
def test_only_a_secret_key_with_the_permission_may_read(organization: Organization, url: str) -> None:
    publishable = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE)[1]
    ingest = make_api_key(organization=organization, key_type=KeyType.INGEST)[1]
    assess_only = make_api_key(organization=organization, permissions=["assess", "transactions:write"])[1]
    session = session_token(make_member(organization=organization, role=Role.ADMIN))
    answers = {
        name: Client().get(url, **headers)
        for name, headers in {
            "anonymous": {},
            "publishable": bearer(publishable),
            "ingest": bearer(ingest),
            "assess only": bearer(assess_only),
            "session": bearer(session),
        }.items()
    }
    assert {name: (answer.status_code, answer.json()["error"]["code"]) for name, answer in answers.items()} == {
        "anonymous": (401, "UNAUTHORIZED"),
        "publishable": (403, "PUBLIC_KEY_NOT_ALLOWED"),
        "ingest": (401, "UNAUTHORIZED"),
        "assess only": (403, "FORBIDDEN"),
        "session": (401, "UNAUTHORIZED"),
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_payments_are_only_read(organization: Organization, server: dict[str, str], method: str) -> None:
    row = make_transaction(organization=organization)
    for url in (URL, f"{URL}/{row.id}"):
        response = getattr(Client(), method)(url, **server)
        assert (response.status_code, response.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
