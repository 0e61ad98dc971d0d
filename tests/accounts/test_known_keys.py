"""What a process remembers of keys never outlives what another process did to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection

from accounts.known_keys import MAXIMUM_KEYS, forget_keys, is_same_but_for_its_use, learn, recall
from accounts.models import ApiKey, Organization, PlatformSwitch
from accounts.queries import make_key_statement
from assess.models import Assessment
from core.clock import read_clock
from core.sql import run_statement
from tests.assess.conftest import PAYOUT, Caller, make_caller, make_payout
from transactions.models import IdentityEvent, Transaction

pytestmark = pytest.mark.django_db


def _ask(public_id: str) -> list[Any]:
    return run_statement(make_key_statement(public_id=public_id))


@pytest.fixture
def known() -> Caller:
    """A bank whose key this process has met."""
    bank = make_caller()
    bank.payout()
    return bank


def test_a_key_is_known_once_it_was_met(known: Caller) -> None:
    public_id = ApiKey.unscoped.get().public_id
    assert recall(public_id) is not None
    assert learn(public_id, _ask(public_id)) == recall(public_id)
    assert learn(public_id, _ask(public_id)) is recall(public_id)


def test_its_last_use_alone_does_not_make_it_another(known: Caller) -> None:
    public_id = ApiKey.unscoped.get().public_id
    later = read_clock() + timedelta(hours=1)
    ApiKey.unscoped.update(last_used_at=later)
    believed = recall(public_id)
    assert believed is not None
    facts = learn(public_id, _ask(public_id))
    assert facts is not None
    assert facts.last_used_at == later
    assert is_same_but_for_its_use(believed, facts)
    assert not is_same_but_for_its_use(believed, msgspec.structs.replace(facts, is_enabled=False))
    assert not is_same_but_for_its_use(believed, None)


def test_a_key_that_is_gone_is_forgotten(known: Caller) -> None:
    public_id = ApiKey.unscoped.get().public_id
    assert learn(public_id, []) is None
    assert recall(public_id) is None


def test_what_is_known_is_bounded(monkeypatch: pytest.MonkeyPatch, known: Caller) -> None:
    monkeypatch.setattr("accounts.known_keys.MAXIMUM_KEYS", 1)
    assert MAXIMUM_KEYS == 10_000
    first = ApiKey.unscoped.get().public_id
    other = make_caller()
    other.payout()
    assert recall(first) is None


CHANGES: dict[str, tuple[Callable[[], Any], int]] = {
    "revoked": (lambda: ApiKey.unscoped.update(revoked_at=read_clock()), 401),
    "disabled": (lambda: ApiKey.unscoped.update(is_enabled=False), 401),
    "expired": (lambda: ApiKey.unscoped.update(expires_at=read_clock()), 401),
    "another secret": (lambda: ApiKey.unscoped.update(secret_hash=b"\0" * 32), 401),
    "organization suspended": (lambda: Organization.objects.update(is_active=False), 401),
    "bound to another address": (lambda: ApiKey.unscoped.update(allowed_ips=["192.0.2.9"]), 403),
    "without the permission": (lambda: ApiKey.unscoped.update(permissions=["transactions:read"]), 403),
    "module not contracted": (lambda: Organization.objects.update(modules=[]), 403),
    "flow switched off": (lambda: Organization.objects.update(maintenance_payout=True), 503),
    "all switched off": (
        lambda: PlatformSwitch.objects.update_or_create(
            name="maintenance_payout", defaults={"is_on": True, "changed_at": read_clock()}
        ),
        503,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("body", [make_payout(), make_payout(amount="x")], ids=["good body", "bad body"])
def test_what_happened_to_a_key_elsewhere_holds_with_the_next_call(known: Caller, change: str, body: Any) -> None:
    act, status = CHANGES[change]
    act()
    answer = known.post(PAYOUT, body)
    assert answer.status_code == status
    assert (Transaction.unscoped.count(), Assessment.unscoped.count(), IdentityEvent.unscoped.count()) == (1, 1, 2)


def test_what_was_lifted_elsewhere_holds_with_the_next_call_too(known: Caller) -> None:
    ApiKey.unscoped.update(is_enabled=False)
    assert known.post(PAYOUT, make_payout()).status_code == 401
    ApiKey.unscoped.update(is_enabled=True)
    assert known.post(PAYOUT, make_payout()).status_code == 200


def test_a_lowered_limit_holds_with_the_next_call(known: Caller) -> None:
    ApiKey.unscoped.update(rate_limit_per_minute=1)
    assert known.post(PAYOUT, make_payout()).status_code == 200
    refused = known.post(PAYOUT, make_payout())
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "RATE_LIMIT_EXCEEDED")


def test_a_bad_body_of_a_key_without_calls_left_is_a_429(known: Caller) -> None:
    ApiKey.unscoped.update(rate_limit_per_minute=1)
    assert known.post(PAYOUT, make_payout(amount="x")).status_code == 400
    assert known.post(PAYOUT, make_payout(amount="x")).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_between_two_calls_costs_no_payment() -> None:
    bank = make_caller()
    bank.payout()
    raw = connection.connection
    raw.pgconn.finish()
    assert bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k").status_code == 200
    assert Transaction.unscoped.count() == 2
    forget_keys()
    connection.connection.pgconn.finish()
    assert bank.post(PAYOUT, make_payout(), HTTP_IDEMPOTENCY_KEY="k").headers["Idempotency-Replayed"] == "true"
