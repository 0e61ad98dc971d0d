"""When and from where a key was last used."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.last_use import make_use_statement
from accounts.models import ApiKey
from accounts.queries import find_key
from accounts.types import KeyFacts
from core.sql import run_statement
from tests.factories.accounts import bearer, make_api_key, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BACK = "/api/v1/back-door"


def note_use(*, key: KeyFacts, address: str, now: datetime) -> bool:
    """Write the use if there is one to write, and say whether there was."""
    statement = make_use_statement(key=key, address=address, now=now)
    if statement is not None:
        run_statement(statement)
    return statement is not None


def _facts(row: ApiKey) -> KeyFacts:
    facts = find_key(public_id=row.public_id)
    assert facts is not None
    return facts


def _seen(row: ApiKey) -> tuple[datetime | None, str]:
    row.refresh_from_db()
    return row.last_used_at, row.last_used_ip


def test_the_first_use_is_written() -> None:
    row, _ = make_api_key(organization=make_organization())
    note_use(key=_facts(row), address="192.0.2.1", now=NOW)
    assert _seen(row) == (NOW, "192.0.2.1")


def test_within_a_minute_nothing_is_sent() -> None:
    row, _ = make_api_key(organization=make_organization(), last_used_at=NOW, last_used_ip="192.0.2.1")
    assert not note_use(key=_facts(row), address="192.0.2.2", now=NOW + timedelta(seconds=59))
    assert note_use(key=_facts(row), address="192.0.2.2", now=NOW + timedelta(seconds=60))
    assert _seen(row) == (NOW + timedelta(seconds=60), "192.0.2.2")


def test_of_calls_that_saw_the_same_stale_row_one_writes() -> None:
    row, _ = make_api_key(organization=make_organization())
    stale = _facts(row)
    note_use(key=stale, address="192.0.2.1", now=NOW)
    note_use(key=stale, address="192.0.2.2", now=NOW + timedelta(seconds=1))
    assert _seen(row) == (NOW, "192.0.2.1")


def test_most_calls_write_nothing(client: Client) -> None:
    row, full = make_api_key(organization=make_organization())
    seen = set()
    for _ in range(5):
        assert client.get(BACK, **bearer(full)).status_code == 200
        seen.add(_seen(row))
    assert len(seen) == 1


def test_a_call_that_is_refused_is_no_use(client: Client) -> None:
    row, full = make_api_key(organization=make_organization(), allowed_ips=["192.0.2.1"])
    assert client.get(BACK, **bearer(full)).status_code == 403
    assert _seen(row) == (None, "")
