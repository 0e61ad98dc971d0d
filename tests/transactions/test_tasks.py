"""The daily snapshot of every organization."""

import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from core.sql import run_statement
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_transaction
from transactions import tasks
from transactions.identities import list_identities
from transactions.models import ActivitySummary, AmountSnapshot
from transactions.recording import make_wish_statement
from transactions.services.sum_up_activity import LAG
from transactions.tasks import snapshot_amounts, sum_up_busy, sum_up_due
from transactions.types import Flow

pytestmark = pytest.mark.django_db

# NOW is noon in Mexico City; the day before has been closed for twelve hours there.
YESTERDAY = NOW - timedelta(days=1)


def _pay(organization: Organization, *, environment: Environment = Environment.SANDBOX) -> None:
    for place in range(50):
        at = YESTERDAY + timedelta(seconds=place)
        make_transaction(organization=organization, occurred_at=at, environment=environment, details={})


def _days(organization: Organization, environment: Environment = Environment.SANDBOX) -> list[str]:
    rows = AmountSnapshot.objects.for_organization(organization.id, environment)
    return [day.isoformat() for day in rows.values_list("day", flat=True)]


def test_every_organization_and_environment_gets_its_closed_day_once() -> None:
    first, second = make_organization(), make_organization()
    _pay(first)
    _pay(second, environment=Environment.PRODUCTION)
    with time_machine.travel(NOW, tick=False):
        snapshot_amounts()
        snapshot_amounts()
    assert _days(first) == ["2026-11-21"]
    assert _days(second, Environment.PRODUCTION) == ["2026-11-21"]
    assert _days(second) == []


def test_a_day_closes_at_midnight_of_the_organizations_own_time_zone() -> None:
    mexico, madrid = make_organization(timezone="America/Mexico_City"), make_organization(timezone="Europe/Madrid")
    _pay(mexico)
    _pay(madrid)
    with time_machine.travel(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), tick=False):
        snapshot_amounts()
    assert _days(madrid) == ["2026-11-21"]
    assert _days(mexico) == []


def test_an_organization_that_fails_does_not_hold_up_the_others() -> None:
    broken, sound = make_organization(timezone="Nowhere/Nothing"), make_organization()
    _pay(broken)
    _pay(sound)
    with time_machine.travel(NOW, tick=False):
        snapshot_amounts()
    assert _days(sound) == ["2026-11-21"]
    assert _days(broken) == []


def _wish_for_busy(organization: Organization, payments: int = 300) -> None:
    """Let one payer of the organization be so busy that a payment of theirs wishes for a summary."""
    details = {"email": "ana@x.mx"}
    for place in range(payments):
        make_transaction(organization=organization, occurred_at=NOW - timedelta(minutes=place), details=details)
    identities = list_identities(environment=Environment.SANDBOX, flow=Flow.PAYIN, details=details)
    wish = make_wish_statement(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        identities=identities,
        currency="MXN",
        timezone=organization.timezone,
        bands=(),
        at=NOW,
        now=NOW,
    )
    run_statement(wish)


@pytest.mark.django_db(transaction=True)
def test_busy_identities_are_summed_up_each_in_its_own_unit_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "ATTENTION_SECONDS", 0.0)
    broken, sound = make_organization(timezone="Nowhere/Nothing"), make_organization()
    _wish_for_busy(broken)
    _wish_for_busy(sound)
    with time_machine.travel(NOW, tick=False):
        sum_up_busy()
    made = ActivitySummary.unscoped.filter(document__isnull=False)
    assert [row.organization_id for row in made] == [sound.id]
    assert [row.until for row in made] == [NOW - LAG]


@pytest.mark.django_db(transaction=True)
def test_who_becomes_due_during_a_run_does_not_wait_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organization = make_organization()
    paused: list[float] = []

    def wish_once(seconds: float) -> None:
        if not paused:
            _wish_for_busy(organization)
        paused.append(seconds)

    monkeypatch.setattr(tasks, "ATTENTION_SECONDS", 1.0)
    monkeypatch.setattr(time, "sleep", wish_once)
    with time_machine.travel(NOW, tick=False):
        sum_up_busy()
    assert [row.until for row in ActivitySummary.unscoped.all()] == [NOW - LAG]
    assert paused[0] == tasks.LEAST_PAUSE_SECONDS


@pytest.mark.django_db(transaction=True)
def test_nothing_is_summed_up_while_something_is_still_being_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE_SECONDS", 0.1)
    _wish_for_busy(make_organization())
    given = connection.settings_dict
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    with psycopg.connect(**{name: given[setting] for setting, name in names.items()}) as writer:
        writer.execute("UPDATE accounts_organization SET name = name")
        with time_machine.travel(NOW, tick=False):
            assert sum_up_due() == 0
        writer.rollback()
        with time_machine.travel(NOW, tick=False):
            assert sum_up_due() == 1
