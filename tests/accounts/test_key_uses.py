"""Counts of keys' calls as pages show them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.key_uses import count_key_uses
from accounts.models import ApiKey, KeyUse
from core.environments import Environment
from tests.factories.accounts import make_api_key, make_organization

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def _use(key: ApiKey, *, days_ago: int, calls: int) -> None:
    day = TODAY - timedelta(days=days_ago)
    environment = Environment(key.environment)
    KeyUse.objects.create(
        organization_id=key.organization_id, environment=environment, key_id=key.id, day=day, calls=calls
    )


def test_thirty_days_end_with_today_and_have_no_gaps(django_assert_num_queries: Any) -> None:
    organization = make_organization()
    key, _ = make_api_key(organization=organization)
    other, _ = make_api_key(organization=organization, environment=Environment.PRODUCTION)
    _use(key, days_ago=0, calls=212)
    _use(key, days_ago=29, calls=3)
    _use(key, days_ago=30, calls=9)
    _use(other, days_ago=1, calls=4)
    with django_assert_num_queries(1):
        found = count_key_uses(organization_id=organization.id, key_ids=[key.id, other.id], today=TODAY)
    assert [len(days) for days in found.values()] == [30, 30]
    assert (found[key.id][0], found[key.id][-1]) == ((date(2026, 10, 27), 3), (TODAY, 212))
    assert sum(calls for _, calls in found[key.id]) == 215
    assert found[other.id][-2:] == [(date(2026, 11, 24), 4), (TODAY, 0)]


def test_a_strangers_calls_are_not_seen() -> None:
    key, _ = make_api_key(organization=make_organization())
    _use(key, days_ago=0, calls=1)
    found = count_key_uses(organization_id=make_organization().id, key_ids=[key.id], today=TODAY)
    assert sum(calls for _, calls in found[key.id]) == 0


def test_no_use_hangs_from_a_strangers_key() -> None:
    key, _ = make_api_key(organization=make_organization())
    stranger = make_organization()
    organization_id, environment = stranger.id, Environment.SANDBOX
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyUse.objects.create(
            organization_id=organization_id, environment=environment, key_id=key.id, day=TODAY, calls=1
        )
