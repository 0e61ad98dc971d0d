"""Modules and maintenance."""

from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from accounts.models import Organization, PlatformSwitch
from accounts.queries import find_key
from accounts.services.set_modules import set_modules
from accounts.services.switch_maintenance import switch_maintenance, switch_platform_maintenance
from accounts.types import KeyFacts, MaintenanceSwitch, Module
from core.actor import Actor, make_system_actor
from core.environments import Environment
from core.errors import NotFound
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.factories.accounts import make_api_key, make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _actor(organization: Organization) -> Actor:
    return make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")


def _facts(organization: Organization) -> KeyFacts:
    row, _ = make_api_key(organization=organization)
    facts = find_key(public_id=row.public_id)
    assert facts is not None
    return facts


def test_modules_are_set_as_a_whole_and_told() -> None:
    organization, other = make_organization(modules=["CLM-MOD-PREV", "CLM-MOD-OPS"]), make_organization()
    with unit_of_work():
        set_modules(actor=_actor(organization), modules=[Module.INSTITUTIONAL, Module.PREVENTION], now=NOW)
    assert _facts(organization).organization.modules == {Module.PREVENTION, Module.INSTITUTIONAL}
    assert len(_facts(other).organization.modules) == 5
    event = Event.unscoped.get()
    assert (event.kind, event.organization_id) == ("modules.changed", organization.id)
    assert event.payload == {
        "before": ["CLM-MOD-PREV", "CLM-MOD-OPS"],
        "after": ["CLM-MOD-PREV", "CLM-MOD-INST"],
    }


def test_the_same_modules_are_no_event() -> None:
    organization = make_organization(modules=["CLM-MOD-PREV", "CLM-MOD-OPS"])
    with unit_of_work():
        set_modules(actor=_actor(organization), modules=[Module.OPERATIONS, Module.PREVENTION], now=NOW)
    assert Event.unscoped.count() == 0


def test_an_organization_that_is_not_there_is_not_found() -> None:
    organization = make_organization()
    actor = _actor(organization)
    organization.delete()
    with pytest.raises(NotFound), unit_of_work():
        set_modules(actor=actor, modules=[], now=NOW)


def test_one_flow_of_one_organization_is_closed_and_opened() -> None:
    organization, other = make_organization(), make_organization()
    for is_on in (True, True, False):
        with unit_of_work():
            switch_maintenance(actor=_actor(organization), switch=MaintenanceSwitch.PAYOUT, is_on=is_on, now=NOW)
        facts = _facts(organization).organization
        assert (facts.maintenance_payin, facts.maintenance_payout) == (False, is_on)
        assert not _facts(other).organization.maintenance_payout
    told = [event.payload for event in Event.unscoped.order_by("payload")]
    assert told == [{"switch": "maintenance_payout", "is_on": is_on} for is_on in (False, True)]


def test_a_flow_is_closed_for_everybody() -> None:
    organization = make_organization()
    for is_on in (True, False):
        with unit_of_work():
            switch_platform_maintenance(switch=MaintenanceSwitch.PAYIN, is_on=is_on, now=NOW)
        facts = _facts(organization).organization
        assert (facts.maintenance_payin, facts.maintenance_payout) == (is_on, False)
    assert PlatformSwitch.objects.values("name", "is_on", "changed_at").get() == {
        "name": "maintenance_payin",
        "is_on": False,
        "changed_at": NOW,
    }


def test_closing_a_flow_for_everybody_is_logged_once_it_is_committed(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with capture_logs() as logs, django_capture_on_commit_callbacks(execute=True):
        with unit_of_work():
            switch_platform_maintenance(switch=MaintenanceSwitch.PAYIN, is_on=True, now=NOW)
        assert logs == []
    assert logs == [
        {"event": "maintenance.switched", "log_level": "warning", "switch": "maintenance_payin", "is_on": True}
    ]
