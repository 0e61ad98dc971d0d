"""Proves a person by password and lets them into one organization (contract §1)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password

from accounts.models import Membership, User
from accounts.queries import find_user, list_active_memberships
from accounts.second_factors import find_factor_of, has_second_factor
from accounts.services.end_try import end_try
from accounts.services.issue_token import IssuedToken, issue_token
from accounts.services.note_refusal import Refusal, note_refusal
from core.errors import Unauthorized
from core.unit_of_work import service


class SignInRefused(Unauthorized):
    """Says not why: no such person, another password, suspended, not of that organization."""

    message = "E-mail or password are wrong, or this person may not enter."


@dataclass(frozen=True, slots=True)
class OrganizationChoice:
    """The password was right, but the person must say in which of these organizations (id, name) they will work."""

    organizations: tuple[tuple[uuid.UUID, str], ...]


class Missing(StrEnum):
    """What a right password was not enough for; the words of `details.reason` (contract §1)."""

    CODE = "otp_required"
    RIGHT_CODE = "otp_wrong"
    SECOND_FACTOR = "otp_setup_required"


@service
def sign_in(
    *,
    try_id: uuid.UUID,
    email: str,
    password: str,
    otp: str | None = None,
    organization_id: uuid.UUID | None,
    now: datetime,
) -> IssuedToken | OrganizationChoice | Missing:
    """Return a token, or what the person has still to say; then `begin_sign_in`'s try is no failure any more.

    What is still missing after a right password is returned, not raised, so that the unit of work commits: a wrong
    code stays a failed try and is on the trail of the person's organizations. Raises SignInRefused, and the try stays
    a failed one.
    """
    person = _prove_person(email, password)
    memberships = list_active_memberships(user_id=person.id)
    missing = _prove_second_factor(person, otp)
    if missing is Missing.RIGHT_CODE:
        note_refusal(user_id=person.id, reason=Refusal.WRONG_CODE, now=now)
        return missing
    end_try(try_id=try_id)
    if missing is not None:
        return missing
    chosen = _choose_membership(memberships, organization_id)
    if isinstance(chosen, OrganizationChoice):
        return chosen
    if chosen.organization.requires_mfa and not has_second_factor(user_id=person.id):
        return Missing.SECOND_FACTOR
    chosen.user = person
    return issue_token(membership=chosen, now=now)


def _prove_second_factor(person: User, otp: str | None) -> Missing | None:
    if not has_second_factor(user_id=person.id):
        return None
    if not otp:
        return Missing.CODE
    return None if find_factor_of(person=person, code=otp) else Missing.RIGHT_CODE


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
