"""`POST /api/v1/assess/payout`: what a bank's core sends and gets."""

import json
import re
from typing import Any

import pytest

from accounts.types import KeyType, Module
from assess.models import Assessment
from core.api.arrival import ARRIVED
from core.clock import read_monotonic_ms
from tests.assess.conftest import PAYOUT, Caller, make_caller, make_payout
from tests.factories.accounts import make_api_key
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db

BANK_GUIDE = {
    "amount": 25000.0,
    "amount_unit": "major",
    "currency": "MXN",
    "beneficiary": {"id": "ben_core_001", "name": "Beneficiary SA", "country": "MX", "clabe": "012180001234567890"},
    "origin": {"account_id": "acct_orig_01", "country": "MX"},
    "payout": {"channel": "spei", "initiated_by": "ops@bank.com", "first_to_beneficiary": False},
}


def test_the_bank_guides_payout_is_answered_with_its_warning_and_signals(bank: Caller) -> None:
    found = json.loads(bank.post(PAYOUT, BANK_GUIDE).content)
    assert found["flow"] == "payout"
    assert {"payout_invalid_account", "payout_first_beneficiary"} <= set(found["signals"])
    warned = {(w["field"], w["level"]) for w in found["field_warnings"]}
    assert ("beneficiary.clabe", "doubtful") in warned


def test_the_answer_has_the_contracts_fields(bank: Caller) -> None:
    found = bank.payout(order_id="o-1", payment_id="p-1", idempotency_key="k-1")
    assert set(found) == {
        "decision", "risk_score", "signals", "signal_details", "session_id", "blocked_by", "latency_ms", "flow",
        "transaction_id", "order_id", "payment_id", "idempotency_key", "field_warnings",
    }  # fmt: skip
    assert re.fullmatch(r"ps_\d{13}_[0-9a-z]{9}", found["session_id"])
    assert found["signals"] == [detail["code"] for detail in found["signal_details"]]
    assert found["blocked_by"] is None
    assert found["risk_score"] == sum(detail["weight"] for detail in found["signal_details"])


def test_the_decision_is_recorded_whole(bank: Caller) -> None:
    found = bank.payout()
    row = Transaction.unscoped.get(pk=found["transaction_id"])
    assert (row.amount_minor, row.currency, row.decision, row.risk_score) == (
        250_000,
        "MXN",
        found["decision"],
        found["risk_score"],
    )
    assert row.details["beneficiary"]["clabe"] == "646180111800000004"
    stored = Assessment.unscoped.get(pk=found["transaction_id"])
    assert json.loads(bytes(stored.response)) == found
    assert "payment" not in stored.facts
    assert IdentityEvent.unscoped.filter(transaction_id=row.id).count() == 2


def test_the_second_payout_knows_the_beneficiary(bank: Caller) -> None:
    assert "payout_first_beneficiary" in bank.payout()["signals"]
    assert "payout_first_beneficiary" not in bank.payout()["signals"]


def test_an_id_with_a_new_account_is_a_new_beneficiary(bank: Caller) -> None:
    same = {"id": "ben-1", "name": "Proveedor Norte", "country": "MX"}
    bank.payout(beneficiary=same | {"clabe": "646180111800000004"})
    found = bank.payout(beneficiary=same | {"clabe": "012180001234567899"})
    assert "payout_first_beneficiary" in found["signals"]


def test_descriptions_follow_the_language(bank: Caller) -> None:
    spanish = json.loads(bank.post(PAYOUT, make_payout(), HTTP_ACCEPT_LANGUAGE="es-MX,es;q=0.9,en;q=0.5").content)
    english = json.loads(bank.post(PAYOUT, make_payout(origin={"account_id": "acct-2"})).content)
    texts = [found["signal_details"][0]["description"] for found in (spanish, english)]
    assert texts[0] != texts[1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "250000"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**15 + 1}, "amount"),
        ({"amount": 10.001, "amount_unit": "major"}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "DEM"}, "currency"),
        ({"amount_unit": "cents"}, "amount_unit"),
        ({"beneficiary": {}}, "beneficiary"),
        ({"beneficiary": {"id": "only-an-id"}}, "beneficiary"),
        ({"beneficiary": {"clabe": "1234"}}, "beneficiary.clabe"),
        ({"beneficiary": {"iban": "MX"}}, "beneficiary.iban"),
        ({"beneficiary": {"name": 7}}, "beneficiary.name"),
        ({"metadata": {"note": "x" * 9000}}, "metadata"),
    ],
)
def test_what_cannot_stand_is_refused_and_leaves_nothing(bank: Caller, change: dict[str, Any], field: str) -> None:
    response = bank.post(PAYOUT, make_payout(**change))
    assert response.status_code == 400
    error = json.loads(response.content)["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert list(error["details"]["fields"]) == [field]
    assert Transaction.unscoped.count() == 0


@pytest.mark.parametrize("amount", ["1500.0", "1e3", "15e2"])
def test_minor_units_are_integer_tokens(bank: Caller, amount: str) -> None:
    body = json.dumps(make_payout()).replace("250000", amount)
    response = bank.post(PAYOUT, body)
    assert (response.status_code, json.loads(response.content)["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_a_publishable_key_is_told_to_use_a_secret_one(bank: Caller) -> None:
    bank.key = make_api_key(organization=bank.organization, key_type=KeyType.PUBLISHABLE)[1]
    response = bank.post(PAYOUT, make_payout())
    assert (response.status_code, json.loads(response.content)["error"]["code"]) == (403, "SECRET_KEY_REQUIRED")


def test_an_ingest_key_is_unknown_here(bank: Caller) -> None:
    bank.key = make_api_key(organization=bank.organization, key_type=KeyType.INGEST)[1]
    assert bank.post(PAYOUT, make_payout()).status_code == 401


def test_a_module_that_is_not_contracted_is_named() -> None:
    caller = make_caller(modules=[Module.PREVENTION.value])
    response = caller.post(PAYOUT, make_payout())
    assert response.status_code == 403
    assert json.loads(response.content)["error"]["details"] == {"module": "CLM-MOD-INST"}


def test_the_channel_names_the_rail(bank: Caller) -> None:
    found = bank.payout(payout={"channel": "spei"})
    assert Transaction.unscoped.get(pk=found["transaction_id"]).details["payout"]["rail"] == "spei"


def test_unknown_fields_are_named_and_ignored(bank: Caller) -> None:
    found = bank.payout(surprise=1, beneficiary={"name": "A", "nickname": "B"})
    unknown = {w["field"] for w in found["field_warnings"] if w["level"] == "unknown"}
    assert unknown == {"surprise", "beneficiary.nickname"}


def test_what_cannot_be_read_is_doubtful_and_matches_nothing(bank: Caller) -> None:
    found = bank.payout(device={"ip": "999.1.1.1"}, beneficiary={"name": "A", "email": "no-at", "country": "ZZ"})
    doubtful = {w["field"] for w in found["field_warnings"] if w["level"] == "doubtful"}
    assert doubtful == {"device.ip", "beneficiary.email", "beneficiary.country"}


@pytest.mark.parametrize(
    ("party", "field"),
    [
        ({"iban": "US00123456789012345"}, "beneficiary.iban"),
        ({"name": "A", "swift_bic": "XXXXZZ22"}, "beneficiary.swift_bic"),
    ],
)
def test_a_country_without_such_accounts_is_a_flaw(bank: Caller, party: dict[str, str], field: str) -> None:
    found = bank.payout(beneficiary=party)
    assert "payout_invalid_account" in found["signals"]
    assert (field, "doubtful") in {(w["field"], w["level"]) for w in found["field_warnings"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "2500", "amount_unit": "major"}, "amount"),
        ({"origin": {"account_id": "a", "user_limit": "5"}}, "origin.user_limit"),
        ({"behavior": {"keystrokes": "5"}}, "behavior.keystrokes"),
        ({"idempotency_key": " "}, "idempotency_key"),
    ],
)
def test_a_number_in_quotes_or_an_empty_key_is_the_wrong_type(bank: Caller, change: dict[str, Any], field: str) -> None:
    response = bank.post(PAYOUT, make_payout(**change))
    assert response.status_code == 400
    assert list(json.loads(response.content)["error"]["details"]["fields"]) == [field]


def test_what_is_too_long_or_out_of_range_is_doubtful(bank: Caller) -> None:
    long = "x" * 300
    found = bank.payout(
        customer_id=long,
        session_id=long,
        device={"fingerprint": long, "user_agent": "y" * 2000},
        behavior={"session_duration_ms": 18230.5, "mouse_movements": -1, "keystrokes": 10**20},
    )
    doubtful = {w["field"] for w in found["field_warnings"] if w["level"] == "doubtful"}
    assert doubtful == {
        "customer_id", "session_id", "device.fingerprint", "device.user_agent", "behavior.mouse_movements",
        "behavior.keystrokes",
    }  # fmt: skip
    details = Transaction.unscoped.get().details
    assert details["behavior"] == {"session_duration_ms": 18230}
    assert "customer_id" not in details


def test_velocity_counts_this_one_and_only_real_ones(bank: Caller, stranger: Caller) -> None:
    for _ in range(3):
        stranger.payout()
    details = [bank.payout()["signal_details"] for _ in range(11)][-1]
    velocity = next(d for d in details if d["code"] == "high_velocity")
    assert velocity["description"] == "11 transactions in the last hour"


def test_a_card_number_is_refused_wherever_it_stands(bank: Caller) -> None:
    response = bank.post(PAYOUT, make_payout(metadata={"note": {"deep": ["4242 4242 4242 4242"]}}))
    assert response.status_code == 400
    assert b"4242" not in response.content
    assert Transaction.unscoped.count() == 0


def test_the_deadline_counts_from_the_arrival(bank: Caller, settings: Any) -> None:
    waited = {ARRIVED: read_monotonic_ms() - settings.ASSESS_DEADLINE_MS - 1}
    response = bank.post(PAYOUT, make_payout(), **waited)
    assert (response.status_code, json.loads(response.content)["error"]["code"]) == (504, "ASSESS_TIMEOUT")
    assert Transaction.unscoped.count() == 0
