"""The sealer: in commit order, never ahead of a running transaction, one writer at a time, in any cluster."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from accounts.models import Organization
from core.environments import Environment
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import Event, Seal, SealCursor
from events.queries import get_cluster_id, list_unsealed_organizations
from events.rules.chain import hash_event, hash_seal
from events.rules.contents import format_moment
from events.services.record import record
from events.services.seal_events import seal_events
from events.types import SealContent
from tests.events.trail import (
    NOW,
    list_problems,
    make_actor,
    make_arguments,
    record_event,
    record_trail,
    seal_all,
    seal_once,
    seal_until,
)
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_CLUSTER = "another"
FAR = 10**15


class OpenTransaction:
    """A unit of work in another thread, on a connection of its own, that commits when it is told to."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._worked, self._may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with unit_of_work():
                self._work()
                self._worked.set()
                self._may_commit.wait(30)
        finally:
            connections.close_all()

    def begin(self) -> None:
        self._thread.start()
        assert self._worked.wait(30)

    def commit(self) -> None:
        self._may_commit.set()
        self._thread.join(30)


@contextmanager
def _open_transaction(work: Callable[[], object]) -> Iterator[OpenTransaction]:
    other = OpenTransaction(work)
    other.begin()
    try:
        yield other
    finally:
        other.commit()


def _list_sealed(organization: Organization) -> list[uuid.UUID]:
    rows = Seal.unscoped.filter(organization=organization).order_by("sequence")
    return list(rows.values_list("event_id", flat=True))


def test_a_chain_holds_each_event_once_in_the_order_of_their_commits(organization: Organization) -> None:
    ids = record_trail(organization, events=5)
    assert _list_sealed(organization) == ids
    assert list(Seal.unscoped.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert list_problems(organization) == []


def test_a_seal_covers_its_event_and_the_seal_before_it(organization: Organization) -> None:
    first_id, second_id = record_trail(organization, events=2)
    first, second = Seal.unscoped.order_by("sequence")
    event = Event.unscoped.get(id=second_id)
    content = {
        "id": str(second_id),
        "organization": str(organization.id),
        "environment": "sandbox",
        "kind": "key.created",
        "actor_kind": "user",
        "actor_id": "00000000-0000-0000-0000-000000000007",
        "actor_name": "admin",
        "subject_type": "api_key",
        "subject_id": "clm_sk_1",
        "payload": {"limit": 600, "permissions": ["*"]},
        "personal_digest": None,
        "created_at": "2026-11-22T18:57:52.000123Z",
        "xid": str(event.xid),
    }
    seal = SealContent(
        event_id=str(second_id),
        format=1,
        organization=str(organization.id),
        payload_hash=hash_event(content),
        previous_hash=bytes(first.hash).hex(),
        sealed_at=format_moment(NOW),
        sequence=2,
    )
    assert (first.event_id, bytes(first.previous_hash)) == (first_id, bytes(32))
    assert bytes(second.payload_hash).hex() == seal.payload_hash
    assert bytes(second.hash).hex() == hash_seal(seal)
    assert (second.sealed_at, second.environment) == (NOW, "sandbox")


def test_sealing_again_seals_nothing_again(organization: Organization) -> None:
    record_trail(organization, events=3)
    before = list(Seal.unscoped.order_by("sequence").values())
    seal_once(organization)
    assert list(Seal.unscoped.order_by("sequence").values()) == before
    assert list_unsealed_organizations(cluster=get_cluster_id()) == []


def test_one_chain_runs_through_both_environments(organization: Organization) -> None:
    sandbox = record_event(make_actor(organization))
    production = record_event(make_actor(organization, environment=Environment.PRODUCTION))
    seal_all(organization)
    assert _list_sealed(organization) == [sandbox, production]
    assert list(Seal.unscoped.order_by("sequence").values_list("environment", flat=True)) == ["sandbox", "production"]


def test_each_organization_has_a_chain_of_its_own(organization: Organization) -> None:
    stranger = make_organization()
    mine, other = record_trail(organization, events=2), record_trail(stranger, events=1)
    assert _list_sealed(organization) == mine
    assert _list_sealed(stranger) == other
    assert Seal.unscoped.get(organization=stranger).sequence == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_batches_end_in_the_middle_of_a_transaction_without_harm(organization: Organization, limit: int) -> None:
    actor = make_actor(organization)
    with unit_of_work():
        ids = sorted(record(**make_arguments(actor, now=NOW)) for _ in range(3))
    ids.append(record_event(actor))
    seal_all(organization)
    SealCursor.unscoped.all().delete()
    seal_once(organization, limit=limit)
    assert _list_sealed(organization) == ids
    fresh = record_event(actor)
    seal_all(organization)
    assert _list_sealed(organization) == [*ids, fresh]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_size_of_a_batch_does_not_change_the_chain(organization: Organization, limit: int) -> None:
    actor = make_actor(organization)
    ids = [record_event(actor, now=NOW + timedelta(seconds=second)) for second in range(5)]
    seal_all(organization, limit=limit)
    assert _list_sealed(organization) == ids
    assert list_problems(organization) == []


def test_nothing_is_sealed_that_a_running_transaction_may_still_precede(organization: Organization) -> None:
    actor = make_actor(organization)
    earlier = record_event(actor)
    seal_all(organization)
    ids: list[uuid.UUID] = []
    late = NOW + timedelta(hours=1)
    with _open_transaction(lambda: ids.append(record(**make_arguments(actor, now=late)))) as other:
        ids.append(record_event(actor, now=NOW))
        seal_once(organization)
        assert _list_sealed(organization) == [earlier]
        other.commit()
        seal_all(organization)
    began_first, committed_first = ids
    assert committed_first < began_first
    assert _list_sealed(organization) == [earlier, began_first, committed_first]
    assert list_problems(organization) == []


def test_a_running_transaction_does_not_hold_back_what_came_before_it(organization: Organization) -> None:
    actor = make_actor(organization)
    before = record_event(actor)
    with _open_transaction(lambda: record(**make_arguments(actor))):
        seal_until(organization, 1)
        assert _list_sealed(organization) == [before]
    seal_all(organization)
    assert len(_list_sealed(organization)) == 2


def test_an_event_that_was_rolled_back_leaves_no_gap(organization: Organization) -> None:
    actor = make_actor(organization)
    first = record_event(actor)
    with unit_of_work():
        record(**make_arguments(actor))
        transaction.set_rollback(True)
    second = record_event(actor)
    seal_all(organization)
    assert _list_sealed(organization) == [first, second]
    assert list_problems(organization) == []


def test_while_one_transaction_extends_a_chain_another_leaves_it_alone(organization: Organization) -> None:
    record_trail(organization, events=1)
    record_event(make_actor(organization))
    results: list[bool] = []
    with unit_of_work():
        seal_events(organization_id=organization.id, now=NOW)
        before = Seal.unscoped.count()

        def seal_elsewhere() -> None:
            results.append(seal_events(organization_id=organization.id, now=NOW))

        with _open_transaction(seal_elsewhere):
            assert results == [False]
        assert Seal.unscoped.count() == before
    seal_all(organization)
    assert Seal.unscoped.count() == 2
    assert list_problems(organization) == []


def test_sealing_needs_a_unit_of_work(organization: Organization) -> None:
    record_event(make_actor(organization))
    with pytest.raises(UnitOfWorkMisused):
        seal_events(organization_id=organization.id, now=NOW)
    assert Seal.unscoped.count() == 0


def test_a_lost_cursor_seals_nothing_twice(organization: Organization) -> None:
    ids = record_trail(organization, events=4)
    SealCursor.unscoped.all().delete()
    seal_once(organization, limit=2)
    assert _list_sealed(organization) == ids
    assert list_problems(organization) == []


def test_a_payload_that_was_written_by_hand_is_sealed_as_it_stands(organization: Organization) -> None:
    record_event(make_actor(organization))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO events_event (id, organization_id, environment, kind, actor_kind, actor_name, subject_type,
                                         subject_id, payload, created_at)
               SELECT gen_random_uuid(), organization_id, environment, kind, actor_kind, actor_name, subject_type,
                      subject_id, '{"ñ": 1.50, "big": 123456789012345678901234567890}', created_at FROM events_event"""
        )
    seal_all(organization)
    assert Seal.unscoped.count() == 2
    assert list_problems(organization) == []


def _restore_into_another_cluster(organization: Organization, *, sealed: int, unsealed: int) -> list[uuid.UUID]:
    """Leave what a restored dump is: events with numbers far ahead, a cursor of the old cluster, some without a seal."""
    actor = make_actor(organization)
    ids = []
    for place in range(sealed + unsealed):
        ids.append(record_event(actor, now=NOW + timedelta(seconds=place)))
        _set_number(ids[-1], FAR + place)
    SealCursor.unscoped.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept AS SELECT * FROM events_event WHERE xid >= %s", [FAR + sealed])
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM events_event WHERE xid >= %s", [FAR + sealed])
        seal_once(organization)
        cursor.execute("INSERT INTO events_event SELECT * FROM kept")
        cursor.execute("DROP TABLE kept")
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER events_event_no_truncate")
    SealCursor.unscoped.update(cluster=OTHER_CLUSTER, xid=FAR + sealed, event_id=ids[max(sealed - 1, 0)])
    return ids


def _set_number(event_id: uuid.UUID, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER events_event_append_only")
        cursor.execute("UPDATE events_event SET xid = %s WHERE id = %s", [number, event_id])
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER events_event_append_only")


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_chain_goes_on_in_a_cluster_that_it_was_restored_into(organization: Organization, limit: int) -> None:
    restored = _restore_into_another_cluster(organization, sealed=3, unsealed=2)
    assert _list_sealed(organization) == restored[:3]
    fresh = record_event(make_actor(organization))
    seal_all(organization, limit=limit)
    assert _list_sealed(organization) == [*restored, fresh]
    assert list_problems(organization) == []
    assert SealCursor.unscoped.get().cluster == get_cluster_id()
