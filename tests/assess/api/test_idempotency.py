"""One key, one decision (contract §5)."""

import json
from typing import Any

import pytest

from accounts.types import KeyType
from tests.assess.conftest import PAYIN, PAYOUT, RELEASE, Caller, make_payin, make_payout
from tests.factories.accounts import make_api_key
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db


def test_a_replay_is_the_same_answer_and_counts_nothing(bank: Caller) -> None:
    first = bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k1")
    again = bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k1", HTTP_ACCEPT_LANGUAGE="es")
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert (Transaction.unscoped.count(), IdentityEvent.unscoped.count()) == (1, 2)


def test_decimals_are_the_same_body_by_value(bank: Caller) -> None:
    body = json.dumps(make_payout(amount_unit="major"))
    first = bank.post(PAYOUT, body.replace("250000", "2500.10"), HTTP_IDEMPOTENCY_KEY="k")
    again = bank.post(PAYOUT, body.replace("250000", "2.5001e3"), HTTP_IDEMPOTENCY_KEY="k")
    assert again.content == first.content


def test_the_header_and_the_bodys_key_are_one_key(bank: Caller) -> None:
    first = bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k1")
    again = bank.post(PAYOUT, make_payout(idempotency_key="k1"))
    assert again.content == first.content


def test_another_body_under_a_key_is_refused(bank: Caller) -> None:
    bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k1")
    response = bank.post(PAYOUT, make_payout(amount=1), HTTP_IDEMPOTENCY_KEY="k1")
    error = json.loads(response.content)["error"]
    assert (response.status_code, error["code"], error["details"]) == (
        409,
        "DUPLICATE",
        {"reason": "idempotency_key_reuse"},
    )
    assert Transaction.unscoped.count() == 1


def test_the_pair_replays_and_another_body_takes_it_over(bank: Caller) -> None:
    pair: dict[str, Any] = {"order_id": "o", "payment_id": "p"}
    first = bank.payin(**pair)
    assert bank.payin(**pair) == first
    second = bank.payin(**pair, amount=2)
    assert second["transaction_id"] != first["transaction_id"]
    assert bank.payin(**pair, amount=2) == second
    assert bank.payin(**pair)["transaction_id"] not in {first["transaction_id"], second["transaction_id"]}


def test_flows_key_classes_and_organizations_are_apart(bank: Caller, stranger: Caller) -> None:
    browser = Caller(bank.organization, make_api_key(organization=bank.organization, key_type=KeyType.PUBLISHABLE)[1])
    bodies = [
        bank.post(PAYIN, make_payin(), HTTP_IDEMPOTENCY_KEY="k"),
        bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k"),
        browser.post(PAYIN, make_payin(), HTTP_IDEMPOTENCY_KEY="k"),
        stranger.post(PAYIN, make_payin(), HTTP_IDEMPOTENCY_KEY="k"),
    ]
    assert len({json.loads(body.content)["transaction_id"] for body in bodies}) == 4


def test_only_a_200_is_kept(bank: Caller) -> None:
    assert bank.post(PAYOUT, make_payout(amount=-1), HTTP_IDEMPOTENCY_KEY="k").status_code == 400
    assert bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k").status_code == 200


@pytest.mark.parametrize("key", ["", " ", "x" * 257])
def test_a_key_that_is_none_is_refused(bank: Caller, key: str) -> None:
    assert bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY=key).status_code == 400


@pytest.mark.parametrize("by", ["session_id", "idempotency_key", "pair"])
def test_a_release_clears_history_and_frees_the_key(bank: Caller, by: str) -> None:
    sent = {"order_id": "o", "payment_id": "p"} if by == "pair" else {"idempotency_key": "k"}
    first = bank.payout(**sent)
    named = {"session_id": first["session_id"]} if by == "session_id" else sent
    answers = [bank.post(RELEASE, named) for _ in range(2)]
    assert [json.loads(answer.content) for answer in answers] == [
        {"released": True, "session_id": first["session_id"]}
    ] * 2
    assert IdentityEvent.unscoped.count() == 0
    assert Transaction.unscoped.get().released_at is not None
    again = bank.payout(**sent)
    assert again["transaction_id"] != first["transaction_id"]
    assert "payout_first_beneficiary" in again["signals"]


def test_a_stranger_releases_nothing(bank: Caller, stranger: Caller) -> None:
    found = bank.payout()
    response = stranger.post(RELEASE, {"session_id": found["session_id"]})
    assert response.status_code == 404
    assert IdentityEvent.unscoped.count() == 2


@pytest.mark.parametrize("body", [{}, {"order_id": "o"}, {"session_id": "a", "idempotency_key": "b"}])
def test_a_release_names_exactly_one_attempt(bank: Caller, body: dict[str, str]) -> None:
    assert bank.post(RELEASE, body).status_code == 400


def test_an_unknown_attempt_is_not_found(bank: Caller) -> None:
    assert bank.post(RELEASE, {"session_id": "ps_1_aaaaaaaaa"}).status_code == 404
