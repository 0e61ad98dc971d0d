"""Twins and crowds over several web processes: one decision each, and every one counted."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from assess.models import Assessment, IdempotencyKey
from tests.assess.conftest import PAYOUT, Caller, make_caller, make_payout
from tests.web import Answer, Web, database_url, running_web
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def core_of_bank(transactional_db: None) -> Caller:
    return make_caller()


@pytest.fixture
def web(core_of_bank: Caller) -> Iterator[Web]:
    with running_web(ASSESS_DEADLINE_MS="20000") as served:
        yield served


def _retry_while_in_progress(web: Web, key: str, answer: Answer) -> Answer:
    for _ in range(50):
        if answer.status != 409:
            break
        assert answer.json()["error"]["details"] == {"reason": "in_progress"}
        assert answer.headers["Retry-After"] == "1"
        time.sleep(0.1)
        answer = web.post(PAYOUT, make_payout(), key=key, Idempotency_Key="twin")
    return answer


def test_two_hundred_twins_are_one_decision(web: Web, core_of_bank: Caller) -> None:
    call = {"path": PAYOUT, "body": make_payout(), "key": core_of_bank.key, "Idempotency_Key": "twin"}
    answers = web.post_many([call] * 200, at_once=50)
    settled = [_retry_while_in_progress(web, core_of_bank.key, answer) for answer in answers]
    assert {answer.status for answer in settled} == {200}
    assert len({answer.body for answer in settled}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers if answer.status == 200) == 1
    assert Transaction.unscoped.count() == 1
    assert Assessment.unscoped.count() == 1
    assert IdempotencyKey.unscoped.count() == 1
    assert IdentityEvent.unscoped.count() == 2
    following = web.post(PAYOUT, make_payout(), key=core_of_bank.key).json()
    assert "high_velocity" not in following["signals"]


def test_after_a_thousand_at_once_the_next_counts_exactly_1001(web: Web, core_of_bank: Caller) -> None:
    def make_call(number: int) -> dict[str, object]:
        beneficiary = {"account_hash": f"hash-{number}", "name": "Nómina"}
        return {"path": PAYOUT, "body": make_payout(beneficiary=beneficiary), "key": core_of_bank.key}

    answers = web.post_many([make_call(number) for number in range(1000)], at_once=24)
    assert {answer.status for answer in answers} == {200}
    assert Transaction.unscoped.count() == 1000
    found = web.post(PAYOUT, make_payout(), key=core_of_bank.key).json()
    velocity = next(detail for detail in found["signal_details"] if detail["code"] == "high_velocity")
    assert velocity["description"] == "1001 transactions in the last hour"


def test_a_twin_waits_only_until_its_deadline(core_of_bank: Caller) -> None:
    """While another transaction holds the claim, a twin is told that it is in progress; afterwards it is decided."""
    first = core_of_bank.payout(idempotency_key="held")
    IdempotencyKey.unscoped.update(is_released=True)
    with psycopg.connect(database_url()) as holder:
        holder.execute("UPDATE assess_idempotencykey SET expires_at = expires_at")
        with running_web(workers=1, ASSESS_DEADLINE_MS="300") as web:
            body = make_payout(idempotency_key="held")
            held = web.post(PAYOUT, body, key=core_of_bank.key)
            assert held.status == 409
            assert held.json()["error"]["details"] == {"reason": "in_progress"}
            assert held.headers["Retry-After"] == "1"
            holder.rollback()
            assert web.post(PAYOUT, body, key=core_of_bank.key).json()["transaction_id"] != first["transaction_id"]


def test_a_blocked_table_ends_in_504_and_records_nothing(core_of_bank: Caller) -> None:
    core_of_bank.payout()
    with psycopg.connect(database_url()) as holder:
        holder.execute("LOCK TABLE transactions_transaction IN ACCESS EXCLUSIVE MODE")
        with running_web(workers=1, ASSESS_DEADLINE_MS="400") as web:
            started = time.monotonic()
            answer = web.post(PAYOUT, make_payout(), key=core_of_bank.key)
            took = time.monotonic() - started
        holder.rollback()
    assert (answer.status, answer.json()["error"]["code"]) == (504, "ASSESS_TIMEOUT")
    assert answer.headers["Retry-After"] == "1"
    assert took < 2
    assert Transaction.unscoped.count() == 1


def test_a_lookup_that_fails_is_named_and_fails_closed_on_payouts(core_of_bank: Caller) -> None:
    core_of_bank.payout()
    with psycopg.connect(database_url()) as holder:
        holder.execute("LOCK TABLE transactions_fraudmark IN ACCESS EXCLUSIVE MODE")
        with running_web(workers=1, ASSESS_DEADLINE_MS="1500") as web:
            found = web.post(PAYOUT, make_payout(customer_id="c-1"), key=core_of_bank.key).json()
        holder.rollback()
    assert ("payer_prior_fraud", "lookup_failed") in {(w["field"], w["level"]) for w in found["field_warnings"]}
    assert found["decision"] == "review"


def test_threads_of_one_process_share_nothing_but_the_database(core_of_bank: Caller) -> None:
    """The policy cache is filled by a crowd of threads at once, for an organization that has none yet."""
    barrier = threading.Barrier(6)

    def call(number: int) -> int:
        barrier.wait()
        try:
            status: int = core_of_bank.post(PAYOUT, make_payout(payment_id=str(number))).status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(call, range(6))) == [200] * 6
