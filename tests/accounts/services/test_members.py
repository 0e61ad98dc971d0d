"""Changing roles, suspending, giving back and removing; there is always an admin."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.models import Membership, Organization
from accounts.queries import list_memberships
from accounts.services.accept_invitation import accept_invitation
from accounts.services.change_role import OwnRoleRaised, change_role
from accounts.services.invite_member import invite_member
from accounts.services.member_events import LastAdmin, MemberChanged
from accounts.services.remove_member import remove_member
from accounts.services.suspend_member import reactivate_member, suspend_member
from accounts.team import count_team, get_member, list_members
from accounts.types import Role
from core.actor import Actor
from core.clock import read_clock
from core.environments import Environment
from core.errors import NotFound, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.accounts.invitations import list_tokens
from tests.factories.accounts import bearer, make_actor, make_member, make_organization, session_token

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank)


def _change(actor: Actor, member: Membership, role: Role, revision: int | None = None) -> Membership:
    with unit_of_work():
        return change_role(actor=actor, membership_id=member.id, role=role, revision=revision, now=NOW)


def _suspend(actor: Actor, member: Membership, **given: Any) -> Membership:
    with unit_of_work():
        return suspend_member(actor=actor, membership_id=member.id, now=NOW, **given)


def _reactivate(actor: Actor, member: Membership) -> Membership:
    with unit_of_work():
        return reactivate_member(actor=actor, membership_id=member.id, now=NOW)


def _remove(actor: Actor, member: Membership, **given: Any) -> None:
    with unit_of_work():
        remove_member(actor=actor, membership_id=member.id, now=NOW, **given)


def _told(bank: Organization) -> list[tuple[str, dict[str, Any]]]:
    events = Event.objects.for_organization(bank.id, Environment.SANDBOX).filter(kind__startswith="member.")
    return [(event.kind, event.payload) for event in events.order_by("id")]


@pytest.mark.django_db
def test_a_role_is_changed_once_and_told_with_both(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.VIEWER)
    for _ in range(2):
        _change(make_actor(admin), member, Role.ANALYST)
    member.refresh_from_db()
    assert (member.role, member.revision) == ("analyst", 1)
    assert _told(bank) == [
        (
            "member.role_changed",
            {"user_id": str(member.user_id), "role": {"before": "viewer", "after": "analyst"}},
        )
    ]


@pytest.mark.django_db
def test_a_stale_change_is_refused_with_both_versions(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.VIEWER)
    _change(make_actor(admin), member, Role.ANALYST, revision=0)
    with pytest.raises(MemberChanged) as refusal:
        _change(make_actor(admin), member, Role.ADMIN, revision=0)
    assert refusal.value.details == {"fields": {"role": {"theirs": "analyst", "yours": "admin"}}}
    with pytest.raises(MemberChanged):
        _remove(make_actor(admin), member, revision=0)
    assert _change(make_actor(admin), member, Role.ANALYST, revision=0).role == "analyst"
    assert len(_told(bank)) == 1


@pytest.mark.django_db
def test_nobody_raises_themselves_but_an_admin_may_step_down_when_another_is_left(
    bank: Organization, admin: Membership
) -> None:
    viewer = make_member(organization=bank, role=Role.VIEWER)
    with pytest.raises(OwnRoleRaised):
        _change(make_actor(viewer), viewer, Role.ANALYST)
    make_member(organization=bank)
    assert _change(make_actor(admin), admin, Role.ANALYST).role == "analyst"


@pytest.mark.django_db
@pytest.mark.parametrize("end", [lambda a, m: _change(a, m, Role.VIEWER), _suspend, _remove])
def test_the_last_active_admin_stays(bank: Organization, admin: Membership, end: Callable[..., Any]) -> None:
    suspended = make_member(organization=bank)
    Membership.unscoped.filter(pk=suspended.pk).update(is_active=False)
    make_member(organization=bank, role=Role.COMPLIANCE_OFFICER)
    make_member(organization=make_organization())
    with pytest.raises(LastAdmin):
        end(make_actor(admin), admin)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)
    assert _told(bank) == []


@pytest.mark.django_db
def test_a_suspended_admin_may_be_removed(bank: Organization, admin: Membership) -> None:
    other = make_member(organization=bank)
    _suspend(make_actor(admin), other)
    _remove(make_actor(admin), other)
    assert list_members(organization_id=bank.id, limit=9, offset=0) == ([admin], 1)


@pytest.mark.django_db
def test_suspension_ends_tokens_at_once_and_keeps_the_note(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.ANALYST)
    elsewhere = make_member(organization=make_organization(), user=member.user)
    here, there = bearer(session_token(member)), bearer(session_token(elsewhere))
    assert Client().get("/api/v1/keys", **here).status_code == 200
    now = read_clock()
    with unit_of_work():
        suspend_member(actor=make_actor(admin), membership_id=member.id, note="Listas: a Eva", now=now)
    assert Client().get("/api/v1/keys", **here).status_code == 401
    assert Client().get("/api/v1/keys", **there).status_code == 200
    member.refresh_from_db()
    assert (member.is_active, member.suspended_at, member.handover_note) == (False, now, "Listas: a Eva")
    assert _told(bank) == [
        (
            "member.suspended",
            {
                "user_id": str(member.user_id),
                "is_active": {"before": True, "after": False},
                "ended_tokens": 1,
            },
        )
    ]
    told = EventPersonalData.objects.for_organization(bank.id, Environment.SANDBOX)
    assert told.get().data == {"note": "Listas: a Eva"}
    _reactivate(make_actor(admin), member)
    assert Client().get("/api/v1/keys", **here).status_code == 401, "the ended token stays ended"
    member.refresh_from_db()
    assert (member.is_active, member.suspended_at, member.handover_note) == (True, None, "")


@pytest.mark.django_db
def test_suspending_and_giving_back_are_told_once(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.ANALYST)
    for act in (_suspend, _suspend, _reactivate, _reactivate):
        act(make_actor(admin), member)
    assert [kind for kind, _ in _told(bank)] == ["member.suspended", "member.reactivated"]


@pytest.mark.django_db
def test_a_note_that_cannot_be_kept_suspends_nobody(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank)
    with pytest.raises(ValidationFailed):
        _suspend(make_actor(admin), member, note="\x00")
    member.refresh_from_db()
    assert member.is_active


@pytest.mark.django_db
def test_a_removed_member_is_gone_and_the_trail_knows_who(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.ANALYST)
    theirs = bearer(session_token(member))
    assert Client().get("/api/v1/keys", **theirs).status_code == 200
    _remove(make_actor(admin), member)
    assert Client().get("/api/v1/keys", **theirs).status_code == 401
    with pytest.raises(NotFound):
        get_member(organization_id=bank.id, membership_id=member.id)
    assert count_team(organization_id=bank.id) == (1, 0)
    assert list_memberships(user_id=member.user_id) == []
    assert _told(bank)[0][1]["role"] == {"before": "analyst", "after": None}
    told = EventPersonalData.objects.for_organization(bank.id, Environment.SANDBOX)
    assert told.get().data == {"email": member.user.email, "name": ""}


@pytest.mark.django_db
def test_a_removed_person_is_invited_anew_and_begins_anew(bank: Organization, admin: Membership) -> None:
    member = make_member(organization=bank, role=Role.COMPLIANCE_OFFICER)
    Membership.unscoped.filter(pk=member.pk).update(last_access_at=NOW)
    _remove(make_actor(admin), member)
    with unit_of_work():
        invite_member(actor=make_actor(admin), email=member.user.email, role=Role.VIEWER, now=NOW)
    with unit_of_work():
        accept_invitation(token=list_tokens()[0], person=member.user, address="", now=NOW)
    member.refresh_from_db()
    assert (member.role, member.is_active, member.removed_at) == ("viewer", True, None)
    assert (member.last_access_at, member.created_at) == (None, NOW)


@pytest.mark.django_db
def test_a_removed_member_has_no_access_whoever_writes(bank: Organization, admin: Membership) -> None:
    with pytest.raises(IntegrityError, match="membership_removed_has_no_access"):
        Membership.unscoped.filter(pk=admin.pk).update(removed_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("act", [lambda a, m: _change(a, m, Role.VIEWER), _suspend, _reactivate, _remove])
def test_another_organizations_member_is_not_there(admin: Membership, act: Callable[..., Any]) -> None:
    stranger = make_member(organization=make_organization(), role=Role.ANALYST)
    with pytest.raises(NotFound):
        act(make_actor(admin), stranger)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [lambda a, m: _change(a, m, Role.VIEWER), _suspend, _remove])
def test_two_admins_who_end_each_other_at_once_leave_one(end: Callable[..., Any]) -> None:
    for _ in range(5):
        bank = make_organization()
        admins = [make_member(organization=bank), make_member(organization=bank)]
        together = Barrier(2)

        def attempt(number: int, admins: list[Membership] = admins, together: Barrier = together) -> bool:
            try:
                together.wait()
                end(make_actor(admins[1 - number]), admins[number])
            except LastAdmin:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, range(2))) == [False, True]
        left = Membership.objects.for_organization(bank.id).filter(role="admin", is_active=True)
        assert left.count() == 1
