"""What people read of the trail, and how PostgreSQL goes about it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Organization
from core.actor import Actor
from core.environments import Environment
from core.ids import make_uuid7
from core.sql import Statement, run_statement
from core.unit_of_work import unit_of_work
from events import trail
from events.models import TRAIL_INDEXES
from events.services.erase_personal_data import erase_personal_data
from events.trail import TrailFilter, find_entry, list_trail, stream_trail
from events.types import ErasureReason
from tests.events.trail import NOW, calling_from, make_actor, record_event, record_trail
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db


def _list(organization: Organization, *, before: uuid.UUID | None = None, limit: int = 50, **wanted: Any) -> list[Any]:
    entries = list_trail(wanted=TrailFilter(organization_id=organization.id, **wanted), before=before, limit=limit)
    return [entry.id for entry in entries]


def _record_day(actor: Actor, *, days: int, **changes: Any) -> uuid.UUID:
    return record_event(actor, now=NOW + timedelta(days=days), **changes)


def test_the_newest_come_first_and_pages_follow_each_other(organization: Organization, actor: Actor) -> None:
    ids = [_record_day(actor, days=day) for day in range(5)]
    record_event(make_actor(make_organization()))
    assert _list(organization, limit=2) == [ids[4], ids[3]]
    assert _list(organization, limit=2, before=ids[3]) == [ids[2], ids[1]]
    assert _list(organization, limit=2, before=ids[1]) == [ids[0]]
    assert _list(organization, limit=2, before=ids[0]) == []


def test_an_entry_says_all_that_was_recorded(organization: Organization, actor: Actor) -> None:
    with calling_from("203.0.113.9", request_id="trace-0001"):
        event_id = record_event(actor, personal={"name": "Ángela Ruiz"})
    (entry,) = list_trail(wanted=TrailFilter(organization_id=organization.id), before=None, limit=5)
    assert entry == trail.TrailEntry(
        id=event_id,
        environment=Environment.SANDBOX,
        kind="key.created",
        actor_kind="user",
        actor_id=uuid.UUID(int=7),
        actor_name="admin",
        subject_type="api_key",
        subject_id="clm_sk_1",
        payload={"limit": 600, "permissions": ["*"]},
        personal={"name": "Ángela Ruiz"},
        is_erased=False,
        address="203.0.113.9",
        request_id="trace-0001",
        created_at=NOW,
        sequence=None,
    )
    with unit_of_work():
        erase_personal_data(actor=actor, event_id=event_id, reason=ErasureReason.RETENTION_ENDED, now=NOW)
    found = find_entry(organization_id=organization.id, event_id=event_id)
    assert found is not None
    assert (found.personal, found.is_erased, found.address, found.request_id) == ({}, True, None, "trace-0001")


@pytest.mark.django_db(transaction=True)
def test_a_sealed_entry_says_its_place_in_the_chain(organization: Organization) -> None:
    ids = record_trail(organization, events=2)
    entries = list_trail(wanted=TrailFilter(organization_id=organization.id), before=None, limit=5)
    assert [(entry.id, entry.sequence) for entry in entries] == [(ids[1], 2), (ids[0], 1)]


def test_both_environments_are_one_list_until_one_is_chosen(organization: Organization) -> None:
    worlds = {world: make_actor(organization, environment=world) for world in Environment}
    ids = [_record_day(actor, days=day) for day, actor in enumerate([*worlds.values(), *worlds.values()])]
    assert _list(organization) == ids[::-1]
    assert _list(organization, environments=(Environment.SANDBOX,)) == [ids[2], ids[0]]
    assert _list(organization, environments=(Environment.PRODUCTION,)) == [ids[3], ids[1]]


def test_a_filter_leaves_what_it_says(organization: Organization, actor: Actor) -> None:
    revoked = _record_day(actor, days=0, kind="key.revoked")
    with calling_from(None, request_id="trace-0001"):
        traced = _record_day(actor, days=1)
    named = _record_day(actor, days=2, subject_id=str(uuid.UUID(int=9)))
    somebody = Actor(
        organization_id=actor.organization_id,
        environment=actor.environment,
        kind=actor.kind,
        id=uuid.UUID(int=8),
        name="admin",
    )
    other = _record_day(somebody, days=3)
    assert _list(organization, kind="key.revoked") == [revoked]
    assert _list(organization, actor_id=uuid.UUID(int=8)) == [other]
    assert _list(organization, text="trace-0001") == [traced]
    assert _list(organization, text=str(uuid.UUID(int=9))) == [named]
    assert _list(organization, text=str(uuid.UUID(int=8))) == [other]
    assert _list(organization, text=str(traced)) == [traced]
    assert _list(organization, text=str(traced).upper()) == [traced]
    assert _list(organization, text=str(traced), kind="key.revoked") == []
    assert _list(organization, text="clm_sk_1", kind="key.revoked") == [revoked]
    assert _list(organization, text="nothing") == []
    assert _list(organization, text=str(uuid.UUID(int=0))) == []
    assert _list(organization, text=str(trail.LAST_ID)) == []


def test_a_period_holds_its_first_moment_and_not_its_last(organization: Organization, actor: Actor) -> None:
    ids = [_record_day(actor, days=day) for day in range(3)]
    since, until = NOW + timedelta(days=1), NOW + timedelta(days=2)
    assert _list(organization, since=since, until=until) == [ids[1]]
    assert _list(organization, since=since) == [ids[2], ids[1]]
    assert _list(organization, until=until) == [ids[1], ids[0]]


def test_payments_are_read_only_when_they_are_asked_for(organization: Organization, actor: Actor) -> None:
    key = record_event(actor)
    payment_id = make_uuid7(at=NOW)
    payment = record_event(actor, kind="transaction.blocked", subject_type="transaction", subject_id=str(payment_id))
    outcome = _record_day(actor, days=1, kind="transaction.outcome", subject_id=str(payment_id))
    assert _list(organization) == [outcome, key]
    assert _list(organization, kind="transaction.blocked") == [payment]
    assert _list(organization, kind="transaction.created") == []
    assert _list(organization, text=str(payment)) == [payment]
    assert _list(organization, text=str(payment_id)) == [outcome, payment]


def test_another_organizations_event_is_not_found(organization: Organization) -> None:
    event_id = record_event(make_actor(make_organization()))
    assert find_entry(organization_id=organization.id, event_id=event_id) is None
    assert _list(organization, text=str(event_id)) == []


def test_a_stream_goes_on_to_the_end(organization: Organization, actor: Actor, monkeypatch: Any) -> None:
    monkeypatch.setattr(trail, "EXPORT_ROWS", 2)
    ids = [_record_day(actor, days=day) for day in range(5)]
    pages = stream_trail(wanted=TrailFilter(organization_id=organization.id))
    assert [[entry.id for entry in page] for page in pages] == [ids[:2:-1], ids[2:0:-1], ids[:1]]


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        ({}, {"event_read"}),
        ({"kind": "key.created"}, {"event_read_by_kind"}),
        ({"actor_id": uuid.UUID(int=7)}, {"event_read_by_actor"}),
        ({"text": "trace-0001"}, {"event_read_by_subject", "event_read_by_request"}),
        ({"kind": "transaction.created", "since": NOW}, {"event_in_tenant"}),
    ],
)
def test_each_question_is_answered_from_an_index(
    organization: Organization, actor: Actor, wanted: dict[str, Any], indexes: set[str]
) -> None:
    _record_many(organization)
    statement = trail._make_statement(
        TrailFilter(organization_id=organization.id, **wanted), before=trail.LAST_ID, limit=50
    )
    plan = "\n".join(row[0] for row in run_statement(Statement("EXPLAIN " + statement.sql, statement.parameters)))
    assert "Seq Scan on events_event e" not in plan
    used = {name for name in [*TRAIL_INDEXES, "event_in_tenant"] if f"{name} " in plan}
    assert used == indexes


def _record_many(organization: Organization) -> None:
    """Fill the table so that the planner has a choice: many payments, many kinds, many people."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO events_event (id, organization_id, environment, kind, actor_kind, actor_id, actor_name,
                                         subject_type, subject_id, payload, created_at, request_id)
               SELECT gen_random_uuid(), %s, (ARRAY['sandbox', 'production'])[1 + n %% 2],
                      CASE WHEN n %% 10 = 0 THEN 'key.' || n %% 200 ELSE 'transaction.created' END,
                      'user', ('00000000-0000-0000-0000-' || lpad((n %% 300)::text, 12, '0'))::uuid, 'test', 'api_key',
                      n::text, '{}', now(), 'trace-' || n
               FROM generate_series(1, 20000) n""",
            [organization.id],
        )
        cursor.execute("ANALYZE events_event")
