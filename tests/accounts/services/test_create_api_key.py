"""Making a key, as commands and the demo's seed do."""

from datetime import UTC, datetime

import pytest

from accounts.models import ApiKey
from accounts.services.create_api_key import create_api_key
from accounts.types import KeyType
from core.actor import make_system_actor
from core.environments import Environment
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_only_a_name_a_type_and_an_environment_are_needed() -> None:
    organization = make_organization()
    actor = make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")
    with unit_of_work():
        key, full = create_api_key(
            actor=actor,
            organization_id=organization.id,
            name="Demo",
            key_type=KeyType.PUBLISHABLE,
            environment=Environment.PRODUCTION,
            now=NOW,
        )
    row = ApiKey.objects.for_organization(organization.id, Environment.PRODUCTION).get()
    assert (row.id, row.public_id) == (key.id, full.split("_")[2])
    assert (row.permissions, row.rate_limit_per_minute, row.rate_limit_per_day) == (["assess"], 100, None)
    assert (row.created_by_id, row.created_at) == (None, NOW)
    assert Event.unscoped.get().environment == "production"


@pytest.mark.django_db
def test_an_actor_makes_no_key_for_another_organization() -> None:
    organization, other = make_organization(), make_organization()
    actor = make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")
    with pytest.raises(ValueError, match="own organization"), unit_of_work():
        create_api_key(
            actor=actor,
            organization_id=other.id,
            name="Demo",
            key_type=KeyType.SECRET,
            environment=Environment.SANDBOX,
            now=NOW,
        )
    assert ApiKey.unscoped.count() == 0
