"""A call's way in: the statements that make sure of it, and what their answers mean."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.entry import Entry, KeyChanged
from accounts.known_keys import forget_keys, learn
from accounts.models import ApiKey, RateWindow
from accounts.queries import make_key_statement
from accounts.throttling import RateLimitExceeded, RateLimitStoreUnavailable, RateSubject
from core.sql import run_statement, run_statements
from tests.factories.accounts import make_api_key, make_organization

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _make_entry(row: ApiKey, per_minute: int | None = None) -> Entry:
    key = learn(row.public_id, run_statement(make_key_statement(public_id=row.public_id)))
    assert key is not None
    return Entry(key, subjects=[RateSubject("k", per_minute, None)], address="192.0.2.1", endpoint="GET /x", now=NOW)


@pytest.fixture
def row() -> Any:
    return make_api_key(organization=make_organization())[0]


def test_a_key_without_a_limit_that_was_just_used_is_looked_up_and_nothing_else(row: ApiKey) -> None:
    _make_entry(row).settle_alone()
    entry = _make_entry(row)
    assert len(entry.statements) == 1
    entry.settle(run_statements(entry.statements))
    assert (entry.is_settled, entry.is_changed, entry.headers) == (True, False, {})


def test_a_call_is_counted_and_its_use_noted(row: ApiKey) -> None:
    entry = _make_entry(row, per_minute=5)
    assert len(entry.statements) == 3
    entry.settle_alone()
    assert entry.headers["X-RateLimit-Remaining"] == "4"
    assert RateWindow.objects.get().calls == 1
    row.refresh_from_db()
    assert row.last_used_at == NOW


def test_a_key_that_changed_meanwhile_is_told(row: ApiKey) -> None:
    entry = _make_entry(row)
    ApiKey.unscoped.update(is_enabled=False)
    with pytest.raises(KeyChanged):
        entry.settle_alone()
    assert entry.is_changed


def test_a_change_that_another_thread_learnt_of_meanwhile_is_told_too(row: ApiKey) -> None:
    entry = _make_entry(row)
    ApiKey.unscoped.update(is_enabled=False)
    learn(row.public_id, run_statement(make_key_statement(public_id=row.public_id)))
    with pytest.raises(KeyChanged):
        entry.settle_alone()


def test_a_key_that_this_process_forgot_meanwhile_is_still_the_same(row: ApiKey) -> None:
    entry = _make_entry(row)
    forget_keys()
    entry.settle_alone()
    assert (entry.is_settled, entry.is_changed) == (True, False)


def test_the_call_over_the_limit_is_refused(row: ApiKey) -> None:
    _make_entry(row, per_minute=1).settle_alone()
    with pytest.raises(RateLimitExceeded):
        _make_entry(row, per_minute=1).settle_alone()


def test_a_count_that_fails_is_told_as_what_it_is_and_another_failure_as_itself(row: ApiKey) -> None:
    entry = _make_entry(row, per_minute=5)
    error = DatabaseError()
    assert isinstance(entry.explain(error, place=1), RateLimitStoreUnavailable)
    assert entry.explain(error, place=0) is error
    assert entry.explain(error, place=None) is error
    assert _make_entry(row).explain(error, place=1) is error
