"""What the worker does for assess."""

from datetime import timedelta

import pytest

from assess.models import IdempotencyKey
from assess.tasks import purge_expired
from core.clock import read_clock
from tests.assess.conftest import Caller

pytestmark = pytest.mark.django_db


def test_only_keys_past_their_time_are_purged(bank: Caller) -> None:
    kept = bank.payout(idempotency_key="kept")
    bank.payout(idempotency_key="old")
    IdempotencyKey.unscoped.exclude(transaction_id=kept["transaction_id"]).update(
        expires_at=read_clock() - timedelta(seconds=1)
    )
    purge_expired()
    assert [str(key.transaction_id) for key in IdempotencyKey.unscoped.all()] == [kept["transaction_id"]]
    assert bank.payout(idempotency_key="kept") == kept


def test_a_key_past_its_time_is_free_even_before_it_is_purged(bank: Caller) -> None:
    first = bank.payout(idempotency_key="k")
    IdempotencyKey.unscoped.update(expires_at=read_clock() - timedelta(seconds=1))
    assert bank.payout(idempotency_key="k")["transaction_id"] != first["transaction_id"]
