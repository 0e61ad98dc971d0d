"""When and from where a key was last used."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from accounts.last_use import forget_uses, make_use_statement
from accounts.models import ApiKey, KeyUse
from accounts.queries import find_key
from accounts.types import KeyFacts
from core.sql import run_statement
from tests.factories.accounts import bearer, make_api_key, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BACK = "/api/v1/back-door"


def note_use(*, key: KeyFacts, address: str = "192.0.2.1", now: datetime) -> bool:
    """Write the use if there is one to write, and say whether there was."""
    statement = make_use_statement(key=key, address=address, endpoint="POST /api/v1/assess", now=now)
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


def _counts(row: ApiKey) -> dict[date, int]:
    uses = KeyUse.unscoped.filter(organization_id=row.organization_id, environment=row.environment, key_id=row.id)
    return dict(uses.values_list("day", "calls"))


def test_the_first_use_is_written() -> None:
    row, _ = make_api_key(organization=make_organization())
    note_use(key=_facts(row), address="192.0.2.1", now=NOW)
    assert _seen(row) == (NOW, "192.0.2.1")


def test_within_a_minute_the_last_use_stays() -> None:
    row, _ = make_api_key(organization=make_organization(), last_used_at=NOW, last_used_ip="192.0.2.1")
    note_use(key=_facts(row), address="192.0.2.2", now=NOW + timedelta(seconds=59))
    assert _seen(row) == (NOW, "192.0.2.1")
    note_use(key=_facts(row), address="192.0.2.2", now=NOW + timedelta(seconds=60))
    assert _seen(row) == (NOW + timedelta(seconds=60), "192.0.2.2")
    assert row.last_used_endpoint == "POST /api/v1/assess"


def test_within_a_second_nothing_is_sent_and_nothing_is_lost() -> None:
    row, _ = make_api_key(organization=make_organization())
    key = _facts(row)
    sent = [note_use(key=key, now=NOW + timedelta(milliseconds=each)) for each in (0, 1, 500, 999, 1000, 1001, 5000)]
    assert sent == [True, False, False, False, True, False, True]
    assert _counts(row) == {date(2026, 11, 22): 7}


def test_days_are_the_organizations() -> None:
    row, _ = make_api_key(organization=make_organization(timezone="America/Mexico_City"))
    key = _facts(row)
    midnight = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    for seconds in (-1.2, -0.9, -0.1, 0, 3):
        note_use(key=key, now=midnight + timedelta(seconds=seconds))
    assert _counts(row) == {date(2026, 11, 22): 3, date(2026, 11, 23): 2}


def test_processes_add_to_the_same_day() -> None:
    row, _ = make_api_key(organization=make_organization())
    for _ in range(3):
        forget_uses()  # as another process knows nothing
        note_use(key=_facts(row), now=NOW)
    assert _counts(row) == {date(2026, 11, 22): 3}


def test_a_clock_that_goes_back_counts_on() -> None:
    row, _ = make_api_key(organization=make_organization())
    note_use(key=_facts(row), now=NOW)
    assert note_use(key=_facts(row), now=NOW - timedelta(hours=1))
    assert _counts(row) == {date(2026, 11, 22): 2}


def test_the_endpoint_is_a_route_without_a_value(client: Client) -> None:
    row, full = make_api_key(organization=make_organization())
    client.get(BACK, **bearer(full))
    row.refresh_from_db()
    assert row.last_used_endpoint == "GET /api/v1/back-door"
    assert list(_counts(row).values()) == [1]


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
