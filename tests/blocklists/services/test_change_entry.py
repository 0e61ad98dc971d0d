"""Changing how an entry acts, and who may make it act less."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organization
from blocklists.models import BlocklistEntry
from blocklists.queries import EntryNotFound
from blocklists.services.change_entry import WeakeningForbidden, change_entry
from blocklists.services.errors import DuplicateEntry
from blocklists.types import EntryChanges, EntryFacts, FlowScope, ListType, Severity
from core.actor import Actor
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from tests.blocklists.events import list_entry_events
from tests.blocklists.factories import NOW, make_actor, make_entry
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)
WEAK = frozenset({"blocklists:add", "blocklists:edit"})
"""What an analyst may."""


def _make(organization: Organization, **fields: Any) -> BlocklistEntry:
    given = {"severity": "flag", "expires_at": TOMORROW} | fields
    return make_entry(organization=organization, list_type=ListType.EMAIL, value="a@example.com", **given)


def _change(actor: Actor, entry_id: uuid.UUID, **changes: Any) -> EntryFacts:
    with unit_of_work():
        return change_entry(actor=actor, entry_id=entry_id, changes=EntryChanges(**changes), now=LATER)


def _state(row: BlocklistEntry) -> tuple[object, ...]:
    row.refresh_from_db()
    return row.reason, row.severity, row.flow_scope, row.is_active, row.expires_at, row.updated_at


def test_what_is_given_changes_and_the_rest_stays() -> None:
    organization = make_organization()
    row = _make(organization, reason="old")
    facts = _change(make_actor(organization), row.id, reason="new", severity=Severity.BLOCK)
    assert (facts.id, facts.reason, facts.severity, facts.updated_at) == (row.id, "new", Severity.BLOCK, LATER)
    assert _state(row) == ("new", "block", "payin", True, TOMORROW, LATER)


def test_a_reason_is_kept_in_its_form_and_the_same_words_are_no_change() -> None:
    organization = make_organization()
    row = _make(organization, reason="old ")
    assert _change(make_actor(organization), row.id, reason="old\r\n").updated_at == NOW
    assert list_entry_events(organization) == []
    assert _change(make_actor(organization), row.id, reason=" old\r\nnew ").reason == "old\nnew"
    assert _state(row)[0] == "old\nnew"


def test_a_change_is_recorded_as_before_and_after_of_what_changed() -> None:
    organization = make_organization()
    row = _make(organization, reason="old")
    _change(make_actor(organization), row.id, reason="new", severity=Severity.BLOCK, expires_at=None)
    assert list_entry_events(organization) == [
        (
            "blocklist_entry.changed",
            {
                "list_type": "email",
                "before": {"severity": "flag", "expires_at": TOMORROW.isoformat()},
                "after": {"severity": "block", "expires_at": None},
            },
            {"value": "a@example.com", "before": {"reason": "old"}, "after": {"reason": "new"}},
        )
    ]


def test_what_does_not_differ_is_no_change_and_leaves_no_trace() -> None:
    organization = make_organization()
    row = _make(organization)
    _change(make_actor(organization), row.id, severity=Severity.FLAG, is_active=True, expires_at=TOMORROW)
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)
    assert list_entry_events(organization) == []


STRENGTHENING = [
    {"severity": Severity.BLOCK},
    {"flow_scope": FlowScope.BOTH},
    {"expires_at": TOMORROW + timedelta(days=1)},
    {"expires_at": None},
    {"reason": "better words"},
]
WEAKENING = [
    ({"severity": Severity.REVIEW}, ["severity"]),
    ({"flow_scope": FlowScope.PAYOUT}, ["flow_scope"]),
    ({"expires_at": TOMORROW - timedelta(hours=1)}, ["expires_at"]),
    ({"expires_at": NOW}, ["expires_at"]),
    ({"is_active": False}, ["is_active"]),
    ({"is_active": False, "severity": Severity.BLOCK}, ["is_active"]),
]


@pytest.mark.parametrize("changes", STRENGTHENING)
def test_an_analyst_may_strengthen(changes: dict[str, Any]) -> None:
    organization = make_organization()
    row = _make(organization)
    facts = _change(make_actor(organization, permissions=WEAK), row.id, **changes)
    assert {name: getattr(facts, name) for name in changes} == changes


def test_an_analyst_may_switch_on_what_was_off() -> None:
    organization = make_organization()
    row = _make(organization, is_active=False)
    assert _change(make_actor(organization, permissions=WEAK), row.id, is_active=True).is_active is True


@pytest.mark.parametrize(("changes", "fields"), WEAKENING)
def test_an_analyst_may_not_weaken_and_nothing_changes(changes: dict[str, Any], fields: list[str]) -> None:
    organization = make_organization()
    row = _make(organization)
    with pytest.raises(WeakeningForbidden) as refusal:
        _change(make_actor(organization, permissions=WEAK), row.id, **changes)
    assert refusal.value.details == {"permission": "blocklists:weaken", "weakened": fields}
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)
    assert list_entry_events(organization) == []


def test_an_analyst_may_not_narrow_both_flows_to_one() -> None:
    organization = make_organization()
    row = _make(organization, flow_scope="both")
    with pytest.raises(WeakeningForbidden):
        _change(make_actor(organization, permissions=WEAK), row.id, flow_scope=FlowScope.PAYIN)
    assert _state(row)[2] == "both"


@pytest.mark.parametrize("changes", [changes for changes, _ in WEAKENING if changes != {"expires_at": NOW}])
def test_a_compliance_officer_may_weaken(changes: dict[str, Any]) -> None:
    organization = make_organization()
    row = _make(organization)
    facts = _change(make_actor(organization), row.id, **changes)
    assert {name: getattr(facts, name) for name in changes} == changes


def test_an_expiry_in_the_past_is_refused_whoever_asks_and_nothing_changes() -> None:
    organization = make_organization()
    row = _make(organization)
    with pytest.raises(ValidationFailed) as refusal:
        _change(make_actor(organization), row.id, expires_at=LATER)
    assert refusal.value.details == {"fields": {"expires_at": ["must be in the future"]}}
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)


@pytest.mark.parametrize("is_active", [True, False])
def test_a_scope_that_another_entry_holds_is_refused_with_its_id_and_nothing_changes(is_active: bool) -> None:
    organization = make_organization()
    row = _make(organization)
    twin = _make(organization, flow_scope="both", is_active=is_active)
    with pytest.raises(DuplicateEntry) as refusal:
        _change(make_actor(organization), row.id, flow_scope=FlowScope.BOTH, reason="new")
    assert refusal.value.details == {"id": str(twin.id)}
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)


def test_a_twin_that_was_committed_since_the_look_is_refused_with_its_id_too(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    row = _make(organization)
    twin = _make(organization, flow_scope="both")
    looks = [None, twin]
    monkeypatch.setattr("blocklists.services.change_entry.find_twin", lambda _row, flow_scope: looks.pop(0))
    with pytest.raises(DuplicateEntry) as refusal:
        _change(make_actor(organization), row.id, flow_scope=FlowScope.BOTH)
    assert refusal.value.entry_id == twin.id
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)


def test_a_strangers_entry_the_other_environments_and_an_unknown_one_are_not_found() -> None:
    organization = make_organization()
    row = _make(organization)
    actors = [make_actor(make_organization()), make_actor(organization, environment=Environment.PRODUCTION)]
    for actor, entry_id in [(actor, row.id) for actor in actors] + [(make_actor(organization), uuid.uuid4())]:
        with pytest.raises(EntryNotFound):
            _change(actor, entry_id, severity=Severity.BLOCK)
    assert _state(row) == ("", "flag", "payin", True, TOMORROW, NOW)
