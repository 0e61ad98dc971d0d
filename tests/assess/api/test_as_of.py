"""`X-Clausum-As-Of`: history replayed with its own times (contract §5)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.environments import Environment
from tests.assess.conftest import PAYOUT, Caller, make_payout
from tests.factories.accounts import make_api_key
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def _at(moment: datetime) -> dict[str, str]:
    return {"HTTP_X_CLAUSUM_AS_OF": moment.isoformat()}


def test_history_sees_only_what_is_not_later(bank: Caller) -> None:
    first = json.loads(bank.post(PAYOUT, make_payout(), **_at(LONG_AGO)).content)
    before = json.loads(bank.post(PAYOUT, make_payout(), **_at(LONG_AGO - timedelta(days=1))).content)
    after = json.loads(bank.post(PAYOUT, make_payout(), **_at(LONG_AGO + timedelta(days=1))).content)
    assert "payout_first_beneficiary" in first["signals"]
    assert "payout_first_beneficiary" in before["signals"]
    assert "payout_first_beneficiary" not in after["signals"]


def test_the_fact_has_that_time_and_its_session_the_real_one(bank: Caller) -> None:
    found = json.loads(bank.post(PAYOUT, make_payout(), **_at(LONG_AGO)).content)
    row = Transaction.unscoped.get()
    assert row.occurred_at == LONG_AGO
    assert row.id.int >> 80 == int(LONG_AGO.timestamp() * 1000)
    session_ms = int(found["session_id"].split("_")[1])
    assert abs(session_ms / 1000 - datetime.now(UTC).timestamp()) < 60


@pytest.mark.parametrize("text", ["yesterday", "2025-03-01", "2025-03-01T12:00:00", "2999-01-01T00:00:00Z", ""])
def test_a_time_that_cannot_be_is_refused(bank: Caller, text: str) -> None:
    response = bank.post(PAYOUT, make_payout(), HTTP_X_CLAUSUM_AS_OF=text)
    assert response.status_code == 400
    assert Transaction.unscoped.count() == 0


def test_production_keys_may_not(bank: Caller) -> None:
    bank.key = make_api_key(organization=bank.organization, environment=Environment.PRODUCTION)[1]
    assert bank.post(PAYOUT, make_payout(), **_at(LONG_AGO)).status_code == 403


def test_an_organization_must_allow_it(bank: Caller) -> None:
    bank.organization.allows_as_of = False
    bank.organization.save(update_fields=["allows_as_of"])
    assert bank.post(PAYOUT, make_payout(), **_at(LONG_AGO)).status_code == 403


def test_environments_are_two_worlds(bank: Caller) -> None:
    bank.payout()
    bank.key = make_api_key(organization=bank.organization, environment=Environment.PRODUCTION)[1]
    assert "payout_first_beneficiary" in bank.payout()["signals"]
