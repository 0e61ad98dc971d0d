"""Gives a person a role in an organization."""

import uuid
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Membership, User
from accounts.queries import find_user
from accounts.rules.people import read_address
from accounts.services.close_invitation import close_open_invitation
from accounts.team import lock_person
from accounts.types import Role
from core.actor import Actor
from core.errors import Duplicate, ValidationFailed
from core.unit_of_work import service
from events.services.record import record


class AlreadyMember(Duplicate):
    message = "This person belongs to the organization already."


@service
def add_member(
    *, actor: Actor, email: str, role: Role, name: str = "", password: str | None = None, now: datetime
) -> Membership:
    """Give the person a membership in the actor's organization and return it, with its `user`.

    A person who is new here is made with that name and password; one who is known keeps their own, and giving a
    password is an error. An open invitation of theirs is closed. Raises ValidationFailed and AlreadyMember.
    """
    address = read_address(email)
    lock_person(email=address)
    person = _find_or_create_person(address, name, password)
    membership = _add(actor.organization_id, person, role, now=now)
    record(
        actor=actor,
        kind="member.added",
        subject_type="membership",
        subject_id=str(membership.id),
        payload={"user_id": str(person.id), "role": role.value},
        now=now,
    )
    close_open_invitation(actor=actor, email=address, now=now)
    return membership


def _add(organization_id: uuid.UUID, person: User, role: Role, *, now: datetime) -> Membership:
    """Insert the membership, or begin anew the one of somebody who was removed."""
    held = Membership.objects.for_organization(organization_id).filter(user=person).first()
    if held is None:
        return Membership.objects.create(organization_id=organization_id, user=person, role=role.value, created_at=now)
    if held.removed_at is None:
        raise AlreadyMember
    held.user, held.role, held.is_active = person, role.value, True
    held.removed_at, held.last_access_at, held.created_at = None, None, now
    held.revision += 1
    held.save(update_fields=["role", "is_active", "removed_at", "last_access_at", "created_at", "revision"])
    return held


def _find_or_create_person(address: str, name: str, password: str | None) -> User:
    person = find_user(email=address)
    if person is None:
        return _create_person(address, name, password)
    if password is not None:
        raise ValidationFailed.of_field("password", "this person has one already and keeps it")
    return person


def _create_person(address: str, name: str, password: str | None) -> User:
    try:
        validate_password(password or "", User(email=address, name=name))
    except ValidationError as error:
        raise ValidationFailed.of_field("password", " ".join(error.messages)) from None
    return User.objects.create_user(email=address, name=name, password=password)
