"""`POST /api/v1/simulation/backtests`: what is asked for, and what is refused beside its field."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.types import Role
from assess.models import Backtest
from jobs.models import Job
from tests.assess.conftest import Caller
from tests.factories.accounts import bearer, make_member, session_token

pytestmark = pytest.mark.django_db

PATH = "/api/v1/simulation/backtests"


def ask(caller: Caller, **fields: Any) -> Any:
    body = {"name": "Todo", "version": 1, "since": "2026-11-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"} | fields
    token = session_token(make_member(organization=caller.organization, role=Role.ADMIN))
    return Client().post(PATH, data=json.dumps(body), content_type="application/json", **bearer(token))


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "1969-12-31T23:59:59.9Z"])
def test_a_period_that_begins_before_1970_begins_there_and_can_be_read_again(
    bank: Caller, stranger: Caller, since: str
) -> None:
    bank.payout()
    stranger.payout()
    answer = ask(bank, since=since)
    assert answer.status_code == 202
    assert (answer.json()["since"], answer.json()["payments"]) == ("1970-01-01T00:00:00.000Z", 1)
    shown = Client().get(f"{PATH}/{answer.json()['id']}", **bearer(bank.token()))
    assert shown.json() == answer.json()
    assert Client().get(f"{PATH}/{answer.json()['id']}", **bearer(stranger.token())).status_code == 404


@pytest.mark.parametrize(
    ("field", "moment"),
    [("since", "0001-01-01T00:00:00+14:00"), ("until", "9999-12-31T23:59:59-14:00"), ("until", "1969-12-31T00:00:00Z")],
)
def test_a_moment_that_is_impossible_is_refused_beside_its_field(bank: Caller, field: str, moment: str) -> None:
    bank.payout()
    answer = ask(bank, **({"since": "0001-01-01T00:00:00Z"} | {field: moment}))
    assert answer.status_code == 400
    assert list(answer.json()["error"]["details"]["fields"]) == [field]
    assert (Backtest.unscoped.count(), Job.unscoped.count()) == (0, 0)
