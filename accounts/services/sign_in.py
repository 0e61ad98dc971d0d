"""Proves a person by password and lets them into one organization (contract §1)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password

from accounts.models import Membership, SecurityEntry, User
from accounts.queries import find_user, list_active_memberships
from accounts.services.issue_token import IssuedToken, issue_token
from core.errors import Unauthorized
from core.unit_of_work import service


class SignInRefused(Unauthorized):
    """Says not why: no such person, another password, suspended, not of that organization."""

    message = "E-mail or password are wrong, or this person may not enter."


@dataclass(frozen=True, slots=True)
class OrganizationChoice:
    """The password was right, but the person must say in which of these organizations (id, name) they will work."""

    organizations: tuple[tuple[uuid.UUID, str], ...]


@service
def sign_in(
    *, try_id: uuid.UUID, email: str, password: str, organization_id: uuid.UUID | None, now: datetime
) -> IssuedToken | OrganizationChoice:
    """Return a token, or what the person has still to say; either way `begin_sign_in`'s try is no failure any more.

    What is still missing after a right password is returned, not raised, so that the unit of work commits. A second
    factor is asked for between the password and the organization, in the same way. Raises SignInRefused, and the try
    stays a failed one.
    """
    person = _prove_person(email, password)
    chosen = _choose_membership(list_active_memberships(user_id=person.id), organization_id)
    SecurityEntry.objects.filter(pk=try_id).delete()
    if isinstance(chosen, OrganizationChoice):
        return chosen
    chosen.user = person
    return issue_token(membership=chosen, now=now)


def _prove_person(email: str, password: str) -> User:
    """Return the person; a stranger's try takes as long as a wrong password does."""
    person = find_user(email=email)
    if person is None:
        make_password(password)
        raise SignInRefused
    if not check_password(password, person.password) or not person.is_active:
        raise SignInRefused
    return person


def _choose_membership(
    memberships: Sequence[Membership], organization_id: uuid.UUID | None
) -> Membership | OrganizationChoice:
    if organization_id is not None:
        memberships = [one for one in memberships if one.organization_id == organization_id]
    if not memberships:
        raise SignInRefused
    if len(memberships) > 1:
        return OrganizationChoice(tuple((one.organization_id, one.organization.name) for one in memberships))
    return memberships[0]
