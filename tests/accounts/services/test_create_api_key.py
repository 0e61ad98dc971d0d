"""Making a key, as commands and the demo's seed do."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import ApiKey, Organization
from accounts.services.create_api_key import KeyMadeAlready, create_api_key
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


def _create(organization: Organization, token: uuid.UUID) -> ApiKey:
    actor = make_system_actor(organization_id=organization.id, environment=Environment.SANDBOX, name="command:test")
    with unit_of_work():
        return create_api_key(
            actor=actor,
            organization_id=organization.id,
            name="Demo",
            key_type=KeyType.SECRET,
            environment=Environment.SANDBOX,
            request_token=token,
            now=NOW,
        )[0]


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_makes_one_key_and_one_event() -> None:
    organization, token = make_organization(), uuid.uuid4()
    key = _create(organization, token)
    with pytest.raises(KeyMadeAlready) as refusal:
        _create(organization, token)
    assert (refusal.value.status, refusal.value.key_id) == (409, key.id)
    assert (ApiKey.unscoped.count(), Event.unscoped.count()) == (1, 1)


@pytest.mark.django_db
def test_forms_of_two_organizations_do_not_know_each_other() -> None:
    token = uuid.uuid4()
    _create(make_organization(), token)
    _create(make_organization(), token)
    assert ApiKey.unscoped.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twins_sent_at_the_same_moment_make_one_key() -> None:
    organization, token = make_organization(), uuid.uuid4()
    barrier = Barrier(4)

    def send(_number: int) -> str:
        try:
            barrier.wait()
            return str(_create(organization, token).id)
        except KeyMadeAlready as made:
            return str(made.key_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        seen = set(pool.map(send, range(4)))
    assert seen == {str(ApiKey.unscoped.get().id)}
    assert Event.unscoped.count() == 1
