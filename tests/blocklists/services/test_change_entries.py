"""Changing many entries at once, and undoing it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Membership, Organization
from blocklists.models import BlocklistBulkAct, BlocklistEntry
from blocklists.rules.bulk import MOST_AT_ONCE
from blocklists.services.change_entries import UndoTooLate, change_entries, undo_changes
from blocklists.services.change_entry import WeakeningForbidden
from blocklists.types import BulkAct, BulkOrder, ListType, Severity
from core.actor import Actor
from core.environments import Environment
from core.errors import Forbidden, NotFound, ValidationFailed
from core.unit_of_work import unit_of_work
from tests.blocklists.events import list_entry_events
from tests.blocklists.factories import NOW, make_actor, make_entry
from tests.factories.accounts import make_member, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=1)
WEAK = frozenset({"blocklists:add", "blocklists:edit"})


@pytest.fixture
def person() -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def actor(person: Membership) -> Actor:
    return make_actor(person.organization, user_id=person.user_id)


def _make(organization: Organization, count: int, **fields: Any) -> list[BlocklistEntry]:
    return [
        make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value=f"{uuid.uuid4()}", **fields)
        for _ in range(count)
    ]


def _do(actor: Actor, entries: list[BlocklistEntry], act: BulkAct, *, end: datetime | None = None) -> BlocklistBulkAct:
    with unit_of_work():
        order = BulkOrder(act=act, expires_at=end)
        return change_entries(actor=actor, entry_ids=[entry.id for entry in entries], order=order, now=LATER)


def _undo(actor: Actor, act_id: uuid.UUID, *, now: datetime = LATER + timedelta(minutes=5)) -> BlocklistBulkAct:
    with unit_of_work():
        return undo_changes(actor=actor, act_id=act_id, now=now)


def _state() -> list[tuple[Any, ...]]:
    return list(BlocklistEntry.unscoped.order_by("id").values_list("id", "severity", "is_active", "expires_at"))


def test_each_that_changes_has_its_event_and_the_rest_stays(person: Membership, actor: Actor) -> None:
    entries = [*_make(person.organization, 2), *_make(person.organization, 1, is_active=False)]
    act = _do(actor, entries, BulkAct.OFF)
    assert set(BlocklistEntry.unscoped.values_list("is_active", flat=True)) == {False}
    assert (set(act.entries), act.unchanged) == ({str(entry.id) for entry in entries[:2]}, 1)
    events = list_entry_events(person.organization)
    assert [(kind, payload["before"], payload["after"]) for kind, payload, _personal in events] == [
        ("blocklist_entry.changed", {"is_active": True}, {"is_active": False})
    ] * 2


def test_undoing_gives_back_what_was_once_only(person: Membership, actor: Actor) -> None:
    entries = _make(person.organization, 2, expires_at=NOW + timedelta(days=3), severity=Severity.REVIEW.value)
    before = _state()
    for order in ((BulkAct.OFF, None), (BulkAct.BLOCK, None), (BulkAct.EXPIRY, NOW + timedelta(days=9))):
        act = _do(actor, entries, order[0], end=order[1])
        assert _state() != before
        undone = _undo(actor, act.id)
        assert (_state(), undone.left) == (before, 0)
        with pytest.raises(UndoTooLate):
            _undo(actor, act.id)
    assert len(list_entry_events(person.organization)) == 3 * 2 * 2


def test_what_changed_or_went_since_is_left_and_counted(person: Membership, actor: Actor) -> None:
    entries = _make(person.organization, 3)
    act = _do(actor, entries, BulkAct.OFF)
    rows = BlocklistEntry.objects.for_organization(person.organization_id, Environment.SANDBOX)
    rows.filter(pk=entries[0].pk).update(updated_at=LATER + timedelta(seconds=1))
    rows.filter(pk=entries[1].pk).delete()
    assert _undo(actor, act.id).left == 2
    assert dict(rows.values_list("id", "is_active")) == {entries[0].id: False, entries[2].id: True}


@pytest.mark.parametrize("late", [timedelta(minutes=10, seconds=1), timedelta(days=1)])
def test_after_ten_minutes_nothing_is_undone(person: Membership, actor: Actor, late: timedelta) -> None:
    act = _do(actor, _make(person.organization, 1), BulkAct.OFF)
    before = _state()
    with pytest.raises(UndoTooLate):
        _undo(actor, act.id, now=LATER + late)
    assert _state() == before


def test_nobody_else_undoes_it(person: Membership, actor: Actor) -> None:
    act = _do(actor, _make(person.organization, 1), BulkAct.OFF)
    before = _state()
    colleague = make_member(organization=person.organization)
    stranger = make_member(organization=make_organization())
    for who in (colleague, stranger):
        with pytest.raises(NotFound):
            _undo(make_actor(who.organization, user_id=who.user_id), act.id)
    live = make_actor(person.organization, user_id=person.user_id, environment=Environment.PRODUCTION)
    with pytest.raises(NotFound):
        _undo(live, act.id)
    assert _state() == before


def test_when_one_would_act_less_an_analyst_changes_none(person: Membership) -> None:
    analyst = make_actor(person.organization, user_id=person.user_id, permissions=WEAK)
    entries = [*_make(person.organization, 1, severity="review"), *_make(person.organization, 1, severity="block")]
    before = _state()
    with pytest.raises(WeakeningForbidden):
        _do(analyst, entries, BulkAct.FLAG)
    assert (_state(), BlocklistBulkAct.unscoped.count(), list_entry_events(person.organization)) == (before, 0, [])
    _do(analyst, entries, BulkAct.BLOCK)
    assert {row[1] for row in _state()} == {"block"}


def test_a_strangers_entries_and_the_other_environments_are_not_touched(person: Membership, actor: Actor) -> None:
    foreign = [*_make(make_organization(), 1), *_make(person.organization, 1, environment=Environment.PRODUCTION)]
    act = _do(actor, foreign, BulkAct.OFF)
    assert (act.entries, act.unchanged) == ({}, 0)
    assert {row[2] for row in _state()} == {True}


@pytest.mark.parametrize(
    ("count", "order", "error"),
    [
        (MOST_AT_ONCE + 1, BulkOrder(act=BulkAct.OFF), ValidationFailed),
        (1, BulkOrder(act=BulkAct.EXPIRY, expires_at=NOW), ValidationFailed),
    ],
)
def test_too_many_and_an_end_in_the_past_are_refused(
    person: Membership, actor: Actor, count: int, order: BulkOrder, error: type[Exception]
) -> None:
    entry = _make(person.organization, 1)[0]
    ids = {entry.id, *(uuid.uuid4() for _ in range(count - 1))}
    before = _state()
    with pytest.raises(error), unit_of_work():
        change_entries(actor=actor, entry_ids=ids, order=order, now=LATER)
    assert (_state(), BlocklistBulkAct.unscoped.count()) == (before, 0)


def test_who_is_no_person_changes_nothing(person: Membership) -> None:
    entries = _make(person.organization, 1)
    with pytest.raises(Forbidden):
        _do(make_actor(person.organization), entries, BulkAct.OFF)
    assert {row[2] for row in _state()} == {True}
