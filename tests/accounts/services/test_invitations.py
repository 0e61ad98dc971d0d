"""Inviting, sending again, revoking, opening and accepting."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection

from accounts.models import Invitation, Membership, Organization, SecurityEntry, User
from accounts.services.accept_invitation import NewPerson, SignInNeeded, accept_invitation
from accounts.services.add_member import AlreadyMember, add_member
from accounts.services.invite_member import AlreadyInvited, invite_member
from accounts.services.open_invitation import InvitationEnded, InvitationProblem, open_invitation
from accounts.services.resend_invitation import resend_invitation
from accounts.services.revoke_invitation import revoke_invitation
from accounts.throttling import RateLimited
from accounts.types import Role
from core.actor import Actor
from core.clock import read_clock
from core.environments import Environment
from core.errors import AppError, NotFound, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from tests.accounts.invitations import list_tokens
from tests.factories.accounts import PASSWORD, make_actor, make_invitation, make_member, make_organization, make_user
from tests.mail.inbox import list_queued

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ADDRESS = "ana@banco.example"
HERE = "192.0.2.1"


@pytest.fixture
def bank() -> Organization:
    return make_organization(name="Banco Norte")


@pytest.fixture
def admin(bank: Organization) -> Actor:
    return make_actor(
        make_member(organization=bank, user=User.objects.create_user(email="eva@banco.example", name="Eva"))
    )


def invite(admin: Actor, email: str = ADDRESS, role: Role = Role.ANALYST, at: datetime = NOW) -> Invitation:
    with unit_of_work():
        return invite_member(actor=admin, email=email, role=role, now=at)


def resend(admin: Actor, invitation: Invitation, at: datetime) -> Invitation:
    with unit_of_work():
        return resend_invitation(actor=admin, invitation_id=invitation.id, now=at)


def revoke(admin: Actor, invitation: Invitation, at: datetime = NOW) -> Invitation:
    with unit_of_work():
        return revoke_invitation(actor=admin, invitation_id=invitation.id, now=at)


def look(token: str, at: datetime = NOW, address: str = HERE) -> Any:
    with unit_of_work():
        return open_invitation(token=token, address=address, now=at)


def accept(token: str, person: Any = None, at: datetime = NOW) -> Any:
    with unit_of_work():
        return accept_invitation(token=token, person=person or NewPerson("Ana Ruiz", PASSWORD), address=HERE, now=at)


def told(bank: Organization, prefix: str = "invitation.") -> dict[str, dict[str, Any]]:
    """Return what each kind of event says; none may be there twice."""
    events = Event.objects.for_organization(bank.id, Environment.SANDBOX).filter(kind__startswith=prefix)
    found = {event.kind: event.payload for event in events}
    assert len(found) == len(events)
    return found


def test_an_invitation_goes_out_by_mail_and_its_token_stays_nowhere(bank: Organization, admin: Actor) -> None:
    invitation = invite(admin, email=" Ana@Banco.example ")
    assert (invitation.email, invitation.role, invitation.sent_count) == (ADDRESS, "analyst", 1)
    assert (invitation.expires_at, invitation.invited_by_id) == (NOW + timedelta(days=7), admin.id)
    mail = list_queued()[0]
    assert (mail.recipient, mail.subject) == (ADDRESS, "Le invitan a Banco Norte en Clausum")
    assert "Eva le invita a trabajar en Banco Norte con el rol Analista." in mail.text
    secret = list_tokens()[0].partition("-")[2]
    stored = Invitation.unscoped.values().get()
    assert secret not in str(stored)
    assert told(bank) == {"invitation.sent": {"role": "analyst"}}
    assert EventPersonalData.objects.for_organization(bank.id, Environment.SANDBOX).get().data == {"email": ADDRESS}


def test_the_mail_speaks_the_organizations_language(bank: Organization, admin: Actor) -> None:
    Organization.objects.filter(pk=bank.id).update(language="en")
    invite(admin)
    assert list_queued()[0].subject == "You are invited to Banco Norte on Clausum"
    assert "as Analyst" in list_queued()[0].text


def test_an_address_has_one_open_invitation(admin: Actor) -> None:
    first = invite(admin)
    with pytest.raises(AlreadyInvited) as refusal:
        invite(admin, email="ANA@banco.example")
    assert refusal.value.details == {"reason": "already_invited", "id": str(first.id)}
    assert (Invitation.unscoped.count(), len(list_queued())) == (1, 1)
    revoke(admin, first)
    invite(admin)
    invite(make_actor(make_member(organization=make_organization())))
    assert Invitation.unscoped.count() == 3


@pytest.mark.parametrize("is_active", [True, False])
def test_a_member_is_not_invited_not_even_a_suspended_one(bank: Organization, admin: Actor, is_active: bool) -> None:
    member = make_member(organization=bank, user=make_user(email=ADDRESS))
    Membership.unscoped.filter(pk=member.pk).update(is_active=is_active)
    with pytest.raises(AlreadyMember):
        invite(admin)
    assert Invitation.unscoped.count() == 0


def test_what_is_no_address_is_refused(admin: Actor) -> None:
    with pytest.raises(ValidationFailed):
        invite(admin, email="ana\x00@banco.example")
    assert list_queued() == []


def test_sent_again_the_new_link_opens_and_the_old_one_says_that_it_was_replaced(
    bank: Organization, admin: Actor
) -> None:
    invitation = invite(admin)
    later = NOW + timedelta(days=8)
    assert resend(admin, invitation, at=later).sent_count == 2
    old, new = list_tokens()
    assert look(old, at=later) is InvitationProblem.REPLACED
    assert look(new, at=later).id == invitation.id
    assert set(told(bank)) == {"invitation.sent", "invitation.resent", "invitation.refused"}
    assert told(bank)["invitation.resent"]["expires_at"] == {
        "before": "2026-12-02T12:00:00+00:00",
        "after": "2026-12-10T12:00:00+00:00",
    }


def test_sent_again_at_once_sends_one_mail(admin: Actor) -> None:
    invitation = invite(admin)
    for seconds in (1, 59):
        resend(admin, invitation, at=NOW + timedelta(seconds=seconds))
    assert len(list_queued()) == 1
    resend(admin, invitation, at=NOW + timedelta(seconds=60))
    assert len(list_queued()) == 2


def test_revoked_the_link_is_dead_and_stays_so(bank: Organization, admin: Actor) -> None:
    invitation = invite(admin)
    revoke(admin, invitation)
    revoke(admin, invitation)
    with pytest.raises(InvitationEnded):
        resend(admin, invitation, at=NOW + timedelta(days=1))
    assert accept(list_tokens()[0]) is InvitationProblem.REVOKED
    assert not User.objects.filter(email=ADDRESS).exists()
    assert told(bank) == {
        "invitation.sent": {"role": "analyst"},
        "invitation.revoked": {"state": {"before": "pending", "after": "revoked"}},
        "invitation.refused": {"reason": "revoked"},
    }


def test_another_organizations_invitation_is_not_there(bank: Organization, admin: Actor) -> None:
    invitation, _ = make_invitation(organization=make_organization())
    with pytest.raises(NotFound):
        revoke(admin, invitation)
    with pytest.raises(NotFound):
        resend(admin, invitation, at=NOW + timedelta(days=1))


def test_a_new_person_comes_in_with_name_and_password(bank: Organization, admin: Actor) -> None:
    invitation = invite(admin)
    membership = accept(list_tokens()[0])
    person = User.objects.get(email=ADDRESS)
    assert (person.name, check_password(PASSWORD, person.password)) == ("Ana Ruiz", True)
    assert (membership.user_id, membership.role, membership.organization_id) == (person.id, "analyst", bank.id)
    invitation.refresh_from_db()
    assert (invitation.accepted_at, invitation.closed_at) == (NOW, None)
    assert told(bank)["invitation.accepted"] == {"user_id": str(person.id), "role": "analyst", "is_new": True}
    assert set(told(bank, "member.")) == {"member.added"}


def test_a_link_works_once(bank: Organization, admin: Actor) -> None:
    invite(admin)
    accept(list_tokens()[0])
    assert accept(list_tokens()[0], NewPerson("Mallory", "another long password")) is InvitationProblem.USED
    assert User.objects.get(email=ADDRESS).name == "Ana Ruiz"
    assert Membership.objects.for_organization(bank.id).count() == 2
    with pytest.raises(InvitationEnded):
        revoke(admin, Invitation.unscoped.get())


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (NewPerson("Ana", "short"), "password"),
        (NewPerson("Ana", "password1234"), "password"),
        (NewPerson("", PASSWORD), "name"),
        (NewPerson("A\x00na", PASSWORD), "name"),
    ],
)
def test_a_weak_password_or_no_name_changes_nothing(admin: Actor, person: NewPerson, field: str) -> None:
    invite(admin)
    with pytest.raises(ValidationFailed) as refusal:
        accept(list_tokens()[0], person)
    assert list(refusal.value.details["fields"]) == [field]  # type: ignore[call-overload]
    assert Invitation.unscoped.get().accepted_at is None
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_known_person_comes_in_by_their_own_sign_in_only(bank: Organization, admin: Actor) -> None:
    person = make_user(email=ADDRESS)
    invite(admin)
    token = list_tokens()[0]
    for other in (NewPerson("Mallory", "another long password"), make_user()):
        with pytest.raises(SignInNeeded):
            accept(token, other)
    assert Invitation.unscoped.get().accepted_at is None
    assert accept(token, person).user_id == person.id
    person.refresh_from_db()
    assert check_password(PASSWORD, person.password)
    assert told(bank)["invitation.accepted"]["is_new"] is False


def test_one_who_is_signed_in_does_not_take_somebody_elses_invitation(admin: Actor) -> None:
    invite(admin)
    with pytest.raises(SignInNeeded):
        accept(list_tokens()[0], make_user())
    assert Membership.unscoped.count() == 1


def test_an_expired_link_opens_nothing(bank: Organization, admin: Actor) -> None:
    invite(admin)
    assert accept(list_tokens()[0], at=NOW + timedelta(days=7)) is InvitationProblem.EXPIRED
    assert told(bank)["invitation.refused"] == {"reason": "expired"}


@pytest.mark.parametrize("token", ["", "x", "abcdefghijkl-" + "A" * 32, "\x00", "ñ" * 400])
def test_an_unknown_link_opens_nothing_and_is_told_to_nobody(bank: Organization, admin: Actor, token: str) -> None:
    invite(admin)
    assert look(token) is InvitationProblem.UNKNOWN
    assert set(told(bank)) == {"invitation.sent"}
    assert SecurityEntry.objects.get().kind == "invitation.failed"


def test_an_invitation_to_an_organization_that_is_closed_is_unknown(bank: Organization, admin: Actor) -> None:
    invite(admin)
    Organization.objects.filter(pk=bank.id).update(is_active=False)
    assert look(list_tokens()[0]) is InvitationProblem.UNKNOWN


def test_an_invitation_closes_itself_when_its_person_is_given_access(bank: Organization, admin: Actor) -> None:
    invite(admin)
    with unit_of_work():
        add_member(actor=admin, email=ADDRESS, role=Role.VIEWER, password=PASSWORD, now=NOW)
    assert Invitation.unscoped.get().closed_at == NOW
    assert look(list_tokens()[0]) is InvitationProblem.CLOSED
    assert set(told(bank)) == {"invitation.sent", "invitation.closed", "invitation.refused"}
    assert Membership.objects.for_organization(bank.id).get(user__email=ADDRESS).role == "viewer"


def test_an_invitation_that_missed_it_closes_when_it_is_opened_and_gives_a_suspended_one_nothing(
    bank: Organization, admin: Actor
) -> None:
    invite(admin)
    member = make_member(organization=bank, user=make_user(email=ADDRESS))
    Membership.unscoped.filter(pk=member.pk).update(is_active=False)
    assert accept(list_tokens()[0], member.user) is InvitationProblem.CLOSED
    assert Invitation.unscoped.get().closed_at == NOW
    member.refresh_from_db()
    assert member.is_active is False


def test_too_many_dead_links_from_one_address_are_refused_for_a_while(settings: Any, admin: Actor) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 2
    invite(admin)
    for _ in range(2):
        look("x")
    with pytest.raises(RateLimited) as refusal:
        look(list_tokens()[0], at=NOW + timedelta(seconds=100))
    assert refusal.value.headers == {"Retry-After": "800"}
    look(list_tokens()[0], address="192.0.2.2")
    look(list_tokens()[0], at=NOW + timedelta(seconds=900))
    assert SecurityEntry.objects.count() == 2


def _at_once(act: Callable[[int], Any]) -> list[str]:
    """Do it twice at the same time and return how each went, by name."""
    together = Barrier(2)

    def attempt(number: int) -> str:
        try:
            together.wait()
            return type(act(number)).__name__
        except AppError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(attempt, range(2)))


@pytest.mark.django_db(transaction=True)
def test_a_link_that_two_open_at_once_lets_one_in() -> None:
    for number in range(5):
        invitation, token = make_invitation(organization=make_organization(), email=f"p{number}@banco.example")
        went = _at_once(lambda _, token=token: accept(token, at=read_clock()))  # type: ignore[misc]
        assert went == ["InvitationProblem", "Membership"]
        assert User.objects.filter(email=invitation.email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_new_person_who_accepts_two_invitations_at_once_is_made_once() -> None:
    for number in range(5):
        email = f"p{number}@banco.example"
        tokens = [make_invitation(organization=make_organization(), email=email)[1] for _ in range(2)]
        went = _at_once(lambda n, tokens=tokens: accept(tokens[n], at=read_clock()))  # type: ignore[misc]
        assert went == ["Membership", "SignInNeeded"]
        assert User.objects.filter(email=email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_invite_the_same_person_at_once_send_one_invitation() -> None:
    for _ in range(5):
        bank = make_organization()
        admins = [make_actor(make_member(organization=bank)) for _ in range(2)]
        assert _at_once(lambda n, admins=admins: invite(admins[n])) == ["AlreadyInvited", "Invitation"]  # type: ignore[misc]
        assert Invitation.objects.for_organization(bank.id).count() == 1
