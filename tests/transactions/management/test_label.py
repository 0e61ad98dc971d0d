"""`manage.py label`."""

import uuid
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import Organization
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_transaction
from transactions.models import FraudMark, Transaction
from transactions.types import Flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _label(transaction_id: uuid.UUID, *options: str) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("label", str(transaction_id), *options, stdout=out)
    return out.getvalue()


def _reread(transaction: Transaction) -> tuple[Any, ...]:
    rows = Transaction.objects.for_organization(transaction.organization_id, Environment(transaction.environment))
    row = rows.get(pk=transaction.pk)
    return row.is_fraudulent, row.fraud_reason, row.fraudster_side, row.labelled_at


@pytest.mark.parametrize("environment", list(Environment))
def test_fraud_is_labelled_now_wherever_the_payment_is(organization: Organization, environment: Environment) -> None:
    transaction = make_transaction(organization=organization, environment=environment)
    assert _label(transaction.id, "--fraud=chargeback") == "labelled\n"
    assert _reread(transaction) == (True, "chargeback", "payer", NOW)
    assert FraudMark.objects.for_organization(organization.id, environment).count() == 5
    event = Event.objects.for_organization(organization.id, environment).get()
    assert (event.kind, event.actor_kind, event.actor_name) == ("transaction.labelled", "system", "label")


def test_side_and_time_are_taken_as_told(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYOUT)
    _label(transaction.id, "--fraud=other", "--side=payer", "--at=2026-11-20T12:00:00-06:00")
    assert _reread(transaction)[2:] == ("payer", NOW.replace(day=20))


def test_legitimate_takes_the_marks_away(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _label(transaction.id, "--fraud=chargeback")
    assert _label(transaction.id, "--legitimate") == "labelled\n"
    assert _reread(transaction) == (False, None, None, NOW)
    assert FraudMark.objects.for_organization(organization.id, Environment.SANDBOX).count() == 0


def test_the_same_label_again_is_said_to_be_there(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _label(transaction.id, "--fraud=chargeback")
    assert _label(transaction.id, "--fraud=chargeback") == "it has this label already\n"


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--fraud=chargeback", "--legitimate"],
        ["--fraud=bad_luck"],
        ["--fraud=chargeback", "--side=nobody"],
        ["--legitimate", "--side=payer"],
        ["--fraud=chargeback", "--at=yesterday"],
        ["--fraud=chargeback", "--at=2026-11-20T12:00:00"],
        ["--fraud=chargeback", "--at=2026-11-23T12:00:00Z"],
        ["--fraud=chargeback", f"--organization={uuid.UUID(int=1)}"],
    ],
)
def test_what_is_contradictory_or_unknown_is_refused(organization: Organization, options: list[str]) -> None:
    transaction = make_transaction(organization=organization)
    with pytest.raises(CommandError):
        _label(transaction.id, *options)
    assert _reread(transaction) == (None, None, None, None)


def test_the_organization_may_be_named_and_must_then_be_the_payments(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    stranger = make_organization()
    with pytest.raises(CommandError, match=r"There is no such payment\."):
        _label(transaction.id, "--legitimate", f"--organization={stranger.id}")
    assert _label(transaction.id, "--legitimate", f"--organization={organization.id}") == "labelled\n"


def test_an_unknown_payment_is_refused() -> None:
    with pytest.raises(CommandError, match=r"There is no such payment\."):
        _label(uuid.UUID(int=1), "--legitimate")
