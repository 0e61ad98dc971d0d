"""Lets an invited person in."""

from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import Invitation, Membership, User
from accounts.queries import find_user
from accounts.rules.people import read_person_name
from accounts.services.add_member import add_member
from accounts.services.invitation_events import make_visitor, record_invitation_event
from accounts.services.open_invitation import InvitationProblem, open_invitation
from accounts.types import Role
from core.actor import Actor, ActorKind
from core.errors import Forbidden
from core.unit_of_work import service


class SignInNeeded(Forbidden):
    """The address is of somebody known, who accepts by their own sign-in."""

    message = "Sign in as the person who was invited, and accept then."


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody new says of themselves."""

    name: str
    password: str


@service
def accept_invitation(
    *, token: str, person: User | NewPerson, address: str, now: datetime
) -> Membership | InvitationProblem:
    """Give the person behind the link the role, and return their membership, or why the link opens nothing.

    `person` is whoever is signed in, who must be the one invited, or a new one, who must not be known yet; the link
    proves the address. Raises ValidationFailed, SignInNeeded and RateLimited; then nothing is changed.
    """
    invitation = open_invitation(token=token, address=address, now=now)
    if isinstance(invitation, InvitationProblem):
        return invitation
    known = find_user(email=invitation.email)
    if (known.pk if known else None) != (person.pk if isinstance(person, User) else None):
        raise SignInNeeded
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    membership = _add(invitation, person, now=now)
    record_invitation_event(
        actor=_make_actor(invitation, membership),
        kind="invitation.accepted",
        invitation=invitation,
        payload={"user_id": str(membership.user_id), "role": membership.role, "is_new": isinstance(person, NewPerson)},
        now=now,
    )
    return membership


def _add(invitation: Invitation, person: User | NewPerson, *, now: datetime) -> Membership:
    is_new = isinstance(person, NewPerson)
    return add_member(
        actor=make_visitor(invitation),
        email=invitation.email,
        role=Role(invitation.role),
        name=read_person_name(person.name) if is_new else "",
        password=person.password if is_new else None,
        now=now,
    )


def _make_actor(invitation: Invitation, membership: Membership) -> Actor:
    return replace(
        make_visitor(invitation),
        kind=ActorKind.USER,
        id=membership.user_id,
        name=membership.role,
        role=membership.role,
    )
