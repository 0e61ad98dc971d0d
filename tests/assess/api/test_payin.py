"""`POST /api/v1/assess`: pay-ins from a server, and from a browser whose word is only advice."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Submerchant
from accounts.types import FailPolicy, KeyType, OrganizationType
from core.environments import Environment
from tests.assess.conftest import PAYIN, Caller, make_caller, make_payin
from tests.factories.accounts import make_api_key
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db

FULL: dict[str, Any] = {
    "amount": 1500,
    "currency": "mxn",
    "transaction_type": "payment",
    "email": "Customer@Example.com",
    "phone": "+5215512345678",
    "customer_id": "cus_abc123",
    "payment_method": {"type": "card", "card_bin": "411111", "card_last4": "4242", "card_country": "MX"},
    "device": {"ip": "201.150.10.22", "fingerprint": "fp_9a8b7c6d", "user_agent": "Mozilla/5.0"},
    "behavior": {"session_duration_ms": 18230, "mouse_movements": 142, "copy_paste_events": 0},
    "billing": {"country": "MX", "city": "CDMX", "postal_code": "06600"},
    "metadata": {"order_id": "ORD-123", "channel": "web"},
}


@pytest.fixture
def browser(bank: Caller) -> Caller:
    key = make_api_key(
        organization=bank.organization, key_type=KeyType.PUBLISHABLE, allowed_origins=["https://shop.example"]
    )
    return Caller(bank.organization, key[1])


def test_a_full_payin_is_approved_and_normalised(bank: Caller) -> None:
    found = bank.payin(**FULL)
    assert (found["flow"], found["decision"], found["signals"]) == ("payin", "approve", [])
    row = Transaction.unscoped.get()
    assert row.currency == "MXN"
    assert row.details["email"] == "customer@example.com"
    assert IdentityEvent.unscoped.count() == 5


def test_a_minimal_payin_is_answered(bank: Caller) -> None:
    assert bank.payin()["decision"] == "approve"


def test_a_sample_phone_that_passes_luhn_is_no_card(bank: Caller) -> None:
    assert bank.payin(phone="+5215512345678")["decision"] == "approve"


def test_the_sixth_of_an_email_within_the_hour_is_velocity(bank: Caller) -> None:
    found = [bank.payin(email="a@example.com") for _ in range(6)]
    assert ["high_velocity" in answer["signals"] for answer in found] == [False] * 5 + [True]


def test_a_browsers_answer_has_no_details_and_enters_no_history(browser: Caller) -> None:
    found = browser.payin(**FULL)
    assert "signal_details" not in found
    assert IdentityEvent.unscoped.count() == 0
    assert Transaction.unscoped.get().is_advisory
    replay = browser.post(PAYIN, FULL | {"idempotency_key": "k"})
    again = browser.post(PAYIN, FULL | {"idempotency_key": "k"})
    assert again.content == replay.content
    assert b"signal_details" not in again.content


def test_a_browsers_address_is_the_connections(browser: Caller) -> None:
    browser.post(PAYIN, FULL, REMOTE_ADDR="198.51.100.7")
    assert Transaction.unscoped.get().details["device"]["ip"] == "198.51.100.7"


def test_a_server_confirms_a_browsers_session(bank: Caller, browser: Caller) -> None:
    behavior = {"session_duration_ms": 900, "mouse_movements": 0}
    seen = browser.payin(behavior=behavior, device={"fingerprint": "fp-1", "user_agent": "Mozilla/5.0"})
    confirmed = bank.payin(session_id=seen["session_id"])
    assert confirmed["session_id"] == seen["session_id"]
    assert {"short_session", "no_mouse_movement"} <= set(confirmed["signals"])
    row = Transaction.unscoped.get(pk=confirmed["transaction_id"])
    assert row.details["device"]["fingerprint"] == "fp-1"
    assert set(IdentityEvent.unscoped.values_list("transaction_id", flat=True)) == {row.id}


def test_a_session_that_is_not_a_browsers_is_replaced(bank: Caller, stranger: Caller) -> None:
    foreign = Caller(
        stranger.organization, make_api_key(organization=stranger.organization, key_type=KeyType.PUBLISHABLE)[1]
    ).payin()
    own = bank.payin()
    for session_id in (foreign["session_id"], own["session_id"], "ps_1_aaaaaaaaa"):
        found = bank.payin(session_id=session_id)
        assert found["session_id"] != session_id
        assert ("session_id", "doubtful") in {(w["field"], w["level"]) for w in found["field_warnings"]}


def test_a_device_that_only_the_browser_saw_has_its_history(bank: Caller, browser: Caller) -> None:
    for _ in range(5):
        bank.payin(device={"fingerprint": "fp-busy"})
    seen = browser.payin(device={"fingerprint": "fp-busy"})
    assert "high_velocity" in bank.payin(session_id=seen["session_id"])["signals"]


def test_a_browser_may_read_its_refusal(browser: Caller) -> None:
    response = browser.post(PAYIN, make_payin(amount=-1), HTTP_ORIGIN="https://shop.example")
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (400, "https://shop.example")


@pytest.mark.parametrize(("origin", "status"), [("https://shop.example", 200), ("https://evil.example", 403)])
def test_an_origin_must_be_listed(browser: Caller, origin: str, status: int) -> None:
    response = browser.post(PAYIN, make_payin(), HTTP_ORIGIN=origin)
    assert response.status_code == status
    if status == 200:
        assert response["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize(("origin", "allowed"), [("https://shop.example", True), ("https://evil.example", False)])
def test_a_preflight_allows_what_some_key_lists(browser: Caller, origin: str, allowed: bool) -> None:
    response = Client().options(PAYIN, HTTP_ORIGIN=origin, HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")
    assert response.status_code == 204
    assert response.has_header("Access-Control-Allow-Origin") is allowed


def test_recommended_fields_depend_on_the_segment() -> None:
    merchant = make_caller(organization_type=OrganizationType.MERCHANT.value).payin()
    recommended = {w["field"] for w in merchant["field_warnings"] if w["level"] == "recommended"}
    assert recommended == {"customer_id", "order_id", "device.ip"}


def test_a_psp_must_name_an_active_submerchant() -> None:
    psp = make_caller(organization_type=OrganizationType.PSP.value)
    assert psp.payin()["decision"] == "approve"
    shop = Submerchant.objects.create(
        organization_id=psp.organization.id, environment=Environment.SANDBOX, external_id="shop-1", name="Tienda"
    )
    refused = psp.post(PAYIN, make_payin())
    assert json.loads(refused.content)["error"]["details"]["fields"] == {
        "submerchant_id": ["must name an active submerchant"]
    }
    for given in ("shop-1", str(shop.id)):
        found = psp.payin(submerchant_id=given)
        assert (found["submerchant_id"], found["submerchant_name"]) == ("shop-1", "Tienda")


def test_maintenance_of_the_flow_is_a_503(bank: Caller) -> None:
    bank.organization.maintenance_payin = True
    bank.organization.save(update_fields=["maintenance_payin"])
    response = bank.post(PAYIN, make_payin())
    error = json.loads(response.content)["error"]
    assert (response.status_code, error["code"], response["Retry-After"]) == (503, "ASSESS_MAINTENANCE", "30")
    bank.payout()


def test_the_catalog_is_public_and_tells_a_key_its_fail_policy(bank: Caller) -> None:
    bank.organization.fail_policy_payin = FailPolicy.CLOSED.value
    bank.organization.save(update_fields=["fail_policy_payin"])
    public = Client().get(PAYIN)
    catalog = json.loads(public.content)
    assert public["Cache-Control"] == "public, max-age=300"
    assert {
        "version", "flow", "amount", "fields", "field_requirements_by_segment", "signals", "decisions", "idempotency",
        "resilience", "rate_limits",
    } <= set(catalog)  # fmt: skip
    assert set(catalog["field_requirements_by_segment"]) == {"merchant", "psp", "bank", "comercio", "banco"}
    assert catalog["amount"]["exponents"]["CLP"] == 0
    private = Client().get(PAYIN, HTTP_AUTHORIZATION=f"Bearer {bank.key}")
    assert (private["Cache-Control"], private["Vary"]) == ("private", "Authorization")
    assert json.loads(private.content)["resilience"]["fail_policy"] == "fail_closed"
