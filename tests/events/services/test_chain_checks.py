"""A verification of the chain that somebody asks for, slice by slice."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.models import Organization
from core.actor import Actor
from core.unit_of_work import unit_of_work
from events import tasks
from events.models import ChainCheck, Event
from events.services import advance_chain_check as advancing
from events.services.advance_chain_check import advance_chain_check
from events.services.request_chain_check import request_chain_check
from events.trail import find_last_check
from tests.events.trail import NOW, make_actor, record_trail, seal_all, tampering
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=1)


def _request(actor: Actor) -> ChainCheck:
    with unit_of_work():
        return request_chain_check(actor=actor, now=NOW)


def _advance(*, rows: int = 2) -> bool:
    with unit_of_work():
        return advance_chain_check(now=LATER, rows=rows)


def _advance_to_the_end(organization: Organization) -> ChainCheck:
    while _advance():
        pass
    check = find_last_check(organization_id=organization.id)
    assert check is not None
    return check


def test_a_check_is_asked_for_once_and_told(organization: Organization, actor: Actor) -> None:
    first, second = _request(actor), _request(actor)
    assert first.id == second.id
    check = ChainCheck.unscoped.get()
    assert (check.state, check.requested_by, check.requested_at) == ("waiting", actor.id, NOW)
    event = Event.unscoped.get()
    assert (event.kind, event.subject_id) == ("audit.check_requested", str(first.id))


def test_another_organization_has_a_check_of_its_own(actor: Actor) -> None:
    stranger = make_actor(make_organization())
    assert _request(actor).id != _request(stranger).id
    assert ChainCheck.unscoped.count() == 2


def test_a_sound_chain_passes_and_the_result_stays(organization: Organization, actor: Actor) -> None:
    record_trail(organization, events=5)
    _request(actor)
    assert _advance()
    check = ChainCheck.unscoped.get()
    assert (check.state, check.sealed, check.position, check.begun_at, check.ended_at) == ("running", 2, 2, LATER, None)
    check = _advance_to_the_end(organization)
    assert (check.state, check.sealed, check.problems, check.first_problems) == ("passed", 5, 0, [])
    assert (check.waiting, check.erased, check.ended_at) == (1, 0, LATER)
    assert not _advance()


def test_an_altered_event_is_found_in_whichever_slice(organization: Organization, actor: Actor) -> None:
    ids = record_trail(organization, events=5)
    _request(actor)
    with tampering("UPDATE events_event SET kind = 'key.revoked' WHERE id = %(id)s", parameters={"id": ids[3]}):
        _drain_inside(rows=2)
        check = ChainCheck.unscoped.get()
    assert (check.state, check.problems) == ("failed", 1)
    assert check.first_problems == [f"sequence 4: the event {ids[3]} was altered"]


def test_a_gap_longer_than_a_slice_ends_no_check(organization: Organization, actor: Actor) -> None:
    record_trail(organization, events=6)
    _request(actor)
    with tampering("DELETE FROM events_seal WHERE sequence BETWEEN 2 AND 5"):
        _drain_inside(rows=1)
        check = ChainCheck.unscoped.get()
    assert (check.state, check.sealed) == ("failed", 2)
    assert check.first_problems[0] == "sequence 2: missing to 5: the next row is 6"


def test_many_problems_are_counted_and_the_first_are_kept(
    organization: Organization, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advancing, "SHOWN_PROBLEMS", 3)
    record_trail(organization, events=5)
    _request(actor)
    with tampering("UPDATE events_event SET kind = 'key.revoked'"):
        _drain_inside(rows=2)
        check = ChainCheck.unscoped.get()
    assert (check.problems, len(check.first_problems)) == (5, 3)


def _drain_inside(*, rows: int) -> None:
    """Take the check to its end inside the transaction of whoever tampers."""
    advance = advance_chain_check.__wrapped__  # type: ignore[attr-defined]
    while advance(now=NOW, rows=rows):
        pass


def test_a_new_check_begins_anew_after_the_last_one(organization: Organization, actor: Actor) -> None:
    record_trail(organization, events=3)
    first = _request(actor)
    _advance_to_the_end(organization)
    seal_all(organization)
    with unit_of_work():
        second = request_chain_check(actor=actor, now=LATER)
    assert second.id != first.id
    assert _advance_to_the_end(organization).id == second.id
    assert ChainCheck.unscoped.get(id=second.id).sealed == 4


def test_the_worker_takes_every_check_to_its_end(organization: Organization, actor: Actor) -> None:
    record_trail(organization, events=3)
    _request(actor)
    with time_machine.travel(LATER, tick=False):
        tasks.check_chains()
    check = ChainCheck.unscoped.get()
    assert (check.state, check.sealed, check.ended_at) == ("passed", 3, LATER)


def test_a_check_that_another_worker_has_is_left_to_it(actor: Actor) -> None:
    check = _request(actor)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM events_chaincheck WHERE id = %s FOR UPDATE", [check.id])
        assert not _advance()
    finally:
        other.rollback()
        other.close()
    assert _advance()


def test_there_is_no_last_check_before_the_first(organization: Organization) -> None:
    assert find_last_check(organization_id=organization.id) is None
    assert find_last_check(organization_id=uuid.uuid4()) is None
