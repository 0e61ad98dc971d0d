"""Keys as pages see them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.key_lists import KeyCounts, count_keys, find_key_of_request, summarize_key, summarize_keys
from accounts.models import ApiKey, KeyUse, Organization
from accounts.rules.key_states import KeyState
from core.environments import Environment
from core.errors import NotFound
from tests.factories.accounts import make_api_key, make_organization, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
YESTERDAY_THERE = date(2026, 11, 24)
SOON, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@pytest.fixture
def bank() -> Organization:
    return make_organization(timezone="America/Mexico_City")


def _list(bank: Organization, *, has_ended: bool = False, limit: int = 50, offset: int = 0) -> Any:
    return summarize_keys(
        organization_id=bank.id, timezone=bank.timezone, has_ended=has_ended, limit=limit, offset=offset, now=NOW
    )


def _make(bank: Organization, name: str, **fields: Any) -> ApiKey:
    return make_api_key(organization=bank, name=name, created_at=NOW - timedelta(days=len(name)), **fields)[0]


def test_keys_that_live_and_keys_that_ended_are_listed_apart(bank: Organization) -> None:
    _make(bank, "a")
    _make(bank, "bb", is_enabled=False, environment=Environment.PRODUCTION)
    _make(bank, "ccc", revoked_at=SOON, expires_at=SOON)
    _make(bank, "dddd", revoked_at=NOW)
    _make(bank, "eeeee", expires_at=BEFORE)
    _make(make_organization(), "stranger")
    living = _list(bank)
    assert [(key.key.name, key.state) for key in living] == [
        ("a", KeyState.ACTIVE),
        ("bb", KeyState.DISABLED),
        ("ccc", KeyState.REPLACED),
    ]
    ended = _list(bank, has_ended=True)
    assert [(key.key.name, key.state) for key in ended] == [("dddd", KeyState.REVOKED), ("eeeee", KeyState.EXPIRED)]
    assert count_keys(organization_id=bank.id, now=NOW) == KeyCounts(living=3, ended=2)
    assert [key.key.name for key in _list(bank, limit=1, offset=1)] == ["bb"]


def test_today_is_the_organizations(bank: Organization) -> None:
    key = _make(bank, "a", created_by=make_user(email="ana@bank.example"))
    KeyUse.objects.create(
        organization_id=bank.id, environment=Environment.SANDBOX, key_id=key.id, day=YESTERDAY_THERE, calls=212
    )
    (found,) = _list(bank)
    assert (found.calls_today, found.calls_in_all, found.creator) == (212, 212, "ana@bank.example")
    assert found.shown == f"clm_sk_{key.public_id}…{key.last_four}"


def test_twelve_keys_take_as_many_queries_as_two(bank: Organization, django_assert_num_queries: Any) -> None:
    for count in (2, 10):
        for number in range(count):
            _make(bank, f"key {number}", created_by=make_user())
        with django_assert_num_queries(2):
            assert [key.creator for key in _list(bank)].count("") == 0


def test_a_key_is_found_with_those_of_its_rotation(bank: Organization) -> None:
    group = uuid.uuid4()
    first = _make(bank, "aaa", rate_group=group, revoked_at=BEFORE)
    second = _make(bank, "aa", rate_group=group, revoked_at=SOON)
    third = _make(bank, "a", rate_group=group)
    _make(bank, "other")
    found, kin = summarize_key(organization_id=bank.id, key_id=second.id, timezone=bank.timezone, now=NOW)
    assert found.key == second
    assert [each.key for each in kin] == [third, first]


def test_a_strangers_key_is_not_found(bank: Organization) -> None:
    key = _make(make_organization(), "a", request_token=uuid.uuid4())
    with pytest.raises(NotFound):
        summarize_key(organization_id=bank.id, key_id=key.id, timezone=bank.timezone, now=NOW)
    assert key.request_token is not None
    assert find_key_of_request(organization_id=bank.id, request_token=key.request_token) is None
