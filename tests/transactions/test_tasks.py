"""The daily snapshot of every organization."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import Organization
from core.environments import Environment
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_transaction
from transactions.models import AmountSnapshot
from transactions.tasks import snapshot_amounts

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
