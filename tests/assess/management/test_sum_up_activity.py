"""Summing up every busy identity at once, before the first payment needs it."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from core.environments import Environment
from tests.assess.conftest import Caller, make_caller
from tests.factories.transactions import NOW, make_transaction
from transactions import tasks
from transactions.activity import read_summary
from transactions.models import ActivitySummary
from transactions.types import Flow

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = {"beneficiary": {"clabe": "646180111800000004"}, "origin": {"account_id": "acct-1"}}


def _fill(caller: Caller, payments: int = 300) -> None:
    for number in range(payments):
        make_transaction(
            organization=caller.organization,
            flow=Flow.PAYOUT,
            details=DETAILS,
            amount_minor=4_900_000,
            occurred_at=NOW - number * timedelta(minutes=2),
        )
        at = NOW - number * timedelta(minutes=2)
        make_transaction(organization=caller.organization, details={"email": "ana@x.mx"}, occurred_at=at)


def _run() -> str:
    told = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("sum_up_activity", stdout=told)
    return told.getvalue().strip()


def test_every_busy_identity_is_summed_up_and_the_next_payment_uses_it() -> None:
    bank = make_caller()
    _fill(bank)
    make_transaction(organization=bank.organization, flow=Flow.PAYOUT, details={"origin": {"account_id": "rare"}})
    assert _run() == "3 busy identities, 3 summed up"
    rows = ActivitySummary.objects.for_organization(bank.organization.id, Environment.SANDBOX)
    assert {(row.kind, row.bands) for row in rows} == {(1, ""), (6, "4500000-4999999"), (7, "4500000-4999999")}
    with time_machine.travel(NOW, tick=False):
        answer = bank.payout(amount=4_950_000, **DETAILS)
    told = {detail["code"]: detail["description"] for detail in answer["signal_details"]}
    assert told["payout_structuring"].startswith("301 payouts")
    document = rows.get(kind=7).document
    assert document is not None
    assert read_summary(document).near_limit_24h == [299]


def test_run_again_it_finds_nothing_left_to_do() -> None:
    _fill(make_caller(), 260)
    _run()
    assert _run() == "0 busy identities, 0 summed up"


def test_it_says_when_a_writing_that_does_not_end_keeps_it_from_summing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(make_caller(), 260)
    monkeypatch.setattr(tasks, "are_over", lambda *, below: False)
    monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(Exception, match="does not end"):
        _run()
