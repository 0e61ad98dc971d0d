import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization
from core.actor import Actor
from core.environments import Environment
from core.sql import run_statements
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.kinds import UnknownEventKind
from events.models import Event, EventPersonalData, PendingEvent
from events.rules.personal_data import digest_personal_data
from events.services import record as module
from events.services.record import make_record_statements, record
from tests.events.conftest import Subscribe
from tests.events.trail import NOW, calling_from, make_actor, make_arguments, record_event
from tests.factories.accounts import make_organization


def _get_event(event_id: uuid.UUID) -> dict[str, Any]:
    row: dict[str, Any] = dict(Event.unscoped.values().get(id=event_id))
    assert row.pop("xid") > 0
    return row


def _expected(organization: Organization, event_id: uuid.UUID) -> dict[str, Any]:
    return {
        "id": event_id,
        "organization_id": organization.id,
        "environment": "sandbox",
        "kind": "key.created",
        "actor_kind": "user",
        "actor_id": uuid.UUID(int=7),
        "actor_name": "admin",
        "subject_type": "api_key",
        "subject_id": "clm_sk_1",
        "payload": {"limit": 600, "permissions": ["*"]},
        "personal_digest": None,
        "created_at": NOW,
        "address": None,
        "request_id": None,
    }


def test_an_event_says_who_did_what_to_what_and_when(organization: Organization, actor: Actor) -> None:
    event_id = record_event(actor)
    assert _get_event(event_id) == _expected(organization, event_id)
    assert event_id.version == 7
    assert event_id.int >> 80 == int(NOW.timestamp() * 1000)
    assert EventPersonalData.unscoped.count() == 0
    assert PendingEvent.unscoped.count() == 0


def test_statements_that_a_caller_runs_itself_have_the_same_effect(organization: Organization, actor: Actor) -> None:
    with unit_of_work():
        run_statements(make_record_statements(**make_arguments(actor)))
    event_id = Event.unscoped.get().id
    assert _get_event(event_id) == _expected(organization, event_id)


def test_an_event_says_from_where_and_in_which_request(organization: Organization, actor: Actor) -> None:
    with calling_from("203.0.113.9", request_id="trace-0001"):
        event_id = record_event(actor)
        with unit_of_work():
            run_statements(make_record_statements(**make_arguments(actor)))
    expected = _expected(organization, event_id) | {"address": "203.0.113.9", "request_id": "trace-0001"}
    assert _get_event(event_id) == expected
    assert list(Event.unscoped.values_list("address", "request_id")) == [("203.0.113.9", "trace-0001")] * 2


def test_an_event_is_recorded_only_inside_a_unit_of_work(actor: Actor) -> None:
    with pytest.raises(UnitOfWorkMisused):
        record(**make_arguments(actor))
    assert Event.unscoped.count() == 0


def test_an_event_goes_with_the_unit_of_work_that_fails(actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="later"):
        _record_and_fail(actor)
    assert Event.unscoped.count() == 0


def _record_and_fail(actor: Actor) -> None:
    with unit_of_work():
        record(**make_arguments(actor))
        raise RuntimeError("later")


def test_an_unknown_kind_is_not_recorded(actor: Actor) -> None:
    with pytest.raises(UnknownEventKind):
        record_event(actor, kind="key.vanished")
    with pytest.raises(UnknownEventKind):
        make_record_statements(**(make_arguments(actor) | {"kind": "key.vanished"}))
    assert Event.unscoped.count() == 0


@pytest.mark.parametrize("change", [{"payload": {"amount": 1.5}}, {"personal": {"name": "a\x00"}}])
def test_a_value_that_readers_may_understand_differently_is_not_recorded(actor: Actor, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a recorded"):
        record_event(actor, **change)
    assert Event.unscoped.count() == 0


def test_personal_data_stand_beside_the_event_which_keeps_their_digest(
    organization: Organization, actor: Actor
) -> None:
    personal = {"name": "Ángela Ruiz"}
    event_id = record_event(actor, personal=personal)
    row = EventPersonalData.unscoped.get()
    assert (row.event_id, row.organization_id, row.environment) == (event_id, organization.id, "sandbox")
    assert row.data == personal
    assert len(row.salt) == 32
    event = Event.unscoped.get()
    assert bytes(event.personal_digest or b"") == digest_personal_data(salt=bytes(row.salt), data=personal)
    assert "Ruiz" not in str(_get_event(event_id))


def test_each_subscriber_of_the_kind_is_still_to_be_told(
    organization: Organization, actor: Actor, subscribe: Subscribe
) -> None:
    subscribe("first")
    subscribe("second")
    subscribe("other", kind="key.revoked")
    event_id = record_event(actor)
    rows = PendingEvent.unscoped.order_by("subscriber").values()
    shared = {
        "event_id": event_id,
        "organization_id": organization.id,
        "environment": "sandbox",
        "attempts": 0,
        "not_before": NOW,
    }
    assert list(rows) == [shared | {"subscriber": "first"}, shared | {"subscriber": "second"}]


def test_statements_tell_subscribers_too(actor: Actor, subscribe: Subscribe) -> None:
    subscribe("first")
    with unit_of_work():
        run_statements(make_record_statements(**make_arguments(actor)))
    assert PendingEvent.unscoped.get().event_id == Event.unscoped.get().id


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_poked_once_and_only_after_the_commit(
    actor: Actor, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe("first")
    committed: list[int] = []
    monkeypatch.setattr(module, "poke_dispatch", lambda: committed.append(Event.unscoped.count()))
    with unit_of_work():
        record(**make_arguments(actor))
        record(**make_arguments(actor))
        assert committed == []
    assert committed == [2]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_poked_when_nobody_subscribes(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    poked: list[bool] = []
    monkeypatch.setattr(module, "poke_dispatch", lambda: poked.append(True))
    record_event(actor)
    assert poked == []


@pytest.mark.parametrize("model", [EventPersonalData, PendingEvent])
def test_postgresql_refuses_a_child_of_another_tenants_event(actor: Actor, model: Any) -> None:
    event_id = record_event(actor)
    fields: dict[str, Any] = {"event_id": event_id, "salt": b"", "data": {}}
    if model is PendingEvent:
        fields = {"event_id": event_id, "subscriber": "x", "not_before": NOW}
    stranger = make_organization()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(organization_id=stranger.id, environment=Environment.SANDBOX, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(organization_id=actor.organization_id, environment=Environment.PRODUCTION, **fields)
    assert model.unscoped.count() == 0


@pytest.mark.django_db(transaction=True)
def test_events_of_one_transaction_carry_its_number(actor: Actor) -> None:
    with unit_of_work():
        first, second = record(**make_arguments(actor)), record(**make_arguments(actor))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            number = cursor.fetchone()[0]
    later = record_event(actor, now=NOW + timedelta(seconds=1))
    numbers = dict(Event.unscoped.values_list("id", "xid"))
    assert numbers[first] == numbers[second] == number
    assert numbers[later] > number


def test_another_organizations_events_are_not_handed_out(actor: Actor) -> None:
    record_event(actor)
    stranger = make_actor(make_organization())
    assert Event.objects.for_organization(stranger.organization_id, Environment.SANDBOX).count() == 0
    assert Event.objects.for_organization(actor.organization_id, Environment.PRODUCTION).count() == 0
    assert Event.objects.for_organization(actor.organization_id, Environment.SANDBOX).count() == 1
