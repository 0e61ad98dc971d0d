"""Setting up a tenant."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Organization
from accounts.services.create_organization import create_organization
from accounts.types import Module, OrganizationType
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import Event

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _create(**given: Any) -> Organization:
    usual: dict[str, Any] = {
        "name": "Banco del Norte",
        "organization_type": OrganizationType.BANK,
        "modules": [Module.INSTITUTIONAL, Module.PREVENTION],
        "created_by": "command:test",
        "now": NOW,
    }
    with unit_of_work():
        return create_organization(**(usual | given))


@pytest.mark.django_db
def test_an_organization_begins_in_production_with_the_contract_s_fail_policies() -> None:
    organization = Organization.objects.get(pk=_create(name=" Banco del Norte ").id)
    assert organization.name == "Banco del Norte"
    assert organization.organization_type == "banco"
    assert organization.modules == ["CLM-MOD-PREV", "CLM-MOD-INST"]
    assert (organization.timezone, organization.default_environment) == ("America/Mexico_City", "production")
    assert (organization.fail_policy_payin, organization.fail_policy_payout) == ("fail_open", "fail_closed")
    assert (organization.allows_as_of, organization.is_active, organization.created_at) == (False, True, NOW)


@pytest.mark.django_db
def test_it_is_the_first_event_of_its_own_trail() -> None:
    organization = _create(default_environment=Environment.SANDBOX, allows_as_of=True)
    event = Event.unscoped.get()
    assert (event.organization_id, event.environment, event.kind) == (
        organization.id,
        "sandbox",
        "organization.created",
    )
    assert (event.actor_kind, event.actor_name, event.subject_id) == ("system", "command:test", str(organization.id))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "America"}, "timezone"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(given: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        _create(**given)
    fields = refusal.value.details["fields"]
    assert isinstance(fields, dict)
    assert list(fields) == [field]
    assert (Organization.objects.count(), Event.unscoped.count()) == (0, 0)


def test_it_demands_a_unit_of_work() -> None:
    with pytest.raises(UnitOfWorkMisused):
        create_organization(
            name="x", organization_type=OrganizationType.PSP, modules=[], created_by="command:test", now=NOW
        )
