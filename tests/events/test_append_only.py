"""What was recorded is refused any change by PostgreSQL itself, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import Organization
from events.models import Event, EventPersonalData, Seal
from tests.events.trail import calling_from, make_actor, record_event, record_trail

TRUNCATE = ["TRUNCATE events_event CASCADE", "TRUNCATE events_seal"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET kind = 'key.revoked'",
        "UPDATE events_event SET kind = kind",
        "UPDATE events_event SET address = NULL",
        "UPDATE events_event SET address = '192.0.2.1'",
        "UPDATE events_event SET request_id = NULL",
        "DELETE FROM events_event",
        "UPDATE events_seal SET sequence = sequence + 1",
        "DELETE FROM events_seal",
        "UPDATE events_eventpersonaldata SET data = '{}'",
    ],
)
def test_a_change_is_refused(organization: Organization, statement: str) -> None:
    record_event(make_actor(organization), personal={"name": "Ángela"})
    record_trail(organization, events=2)
    before = _read_all()
    with pytest.raises(IntegrityError, match="it is append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert _read_all() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "address = '192.0.2.1'",
        "address = ''",
        "address = NULL, request_id = 'other'",
        "address = NULL, xid = xid + 1",
        'address = NULL, payload = \'{"limit": 600.0, "permissions": ["*"]}\'',
    ],
)
def test_of_an_address_nothing_may_be_done_but_to_erase_it_alone(organization: Organization, change: str) -> None:
    with calling_from("203.0.113.9"):
        record_event(make_actor(organization))
    before = _read_all()
    with pytest.raises(IntegrityError, match="it is append-only"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE events_event SET {change}")
    assert _read_all() == before


@pytest.mark.django_db(transaction=True)
def test_an_address_may_be_erased_and_the_rest_stays(organization: Organization) -> None:
    with calling_from("203.0.113.9"):
        record_event(make_actor(organization))
    before = Event.unscoped.values().get()
    Event.unscoped.update(address=None)
    assert Event.unscoped.values().get() == dict(before, address=None)
    assert before["address"] == "203.0.113.9"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", TRUNCATE)
def test_truncation_is_refused(organization: Organization, statement: str) -> None:
    record_trail(organization, events=2)
    before = _read_all()
    with pytest.raises(IntegrityError, match="it is append-only"):
        _run_as_in_production(statement)
    assert _read_all() == before


def _run_as_in_production(statement: str) -> None:
    """Run it with the triggers on that the suite's own flush needs off (tests/conftest.py)."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("events_event", "events_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_orm_is_refused_too(organization: Organization) -> None:
    record_trail(organization, events=1)
    before = _read_all()
    with pytest.raises(IntegrityError):
        Event.unscoped.update(xid=F("xid") + 1)
    with pytest.raises(IntegrityError):
        Seal.unscoped.get().delete()
    assert _read_all() == before


def _read_all() -> list[object]:
    return [list(model.unscoped.order_by("event_id").values()) for model in (Seal, EventPersonalData)] + [
        list(Event.unscoped.order_by("id").values())
    ]
