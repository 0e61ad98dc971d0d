"""Reads of an organization's people and of the invitations to it."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Invitation, Membership
from accounts.rules.invitations import decide_state
from accounts.types import InvitationState, Role
from core.errors import NotFound
from core.sql import Statement, run_statement

_LOCK_PERSON = "SELECT pg_advisory_xact_lock(hashtextextended(%(email)s::text, 20261125))"
_OPEN = Q(accepted_at=None, revoked_at=None, closed_at=None)


def lock_person(*, email: str) -> None:
    """Let whatever gives this canonical address access, anywhere, be done one after the other."""
    run_statement(Statement(_LOCK_PERSON, {"email": email}))


def list_present(organization_id: uuid.UUID) -> QuerySet[Membership]:
    """Return the memberships of everybody who was not removed, to be narrowed further."""
    return Membership.objects.for_organization(organization_id).filter(removed_at=None)


def list_members(*, organization_id: uuid.UUID, limit: int, offset: int) -> tuple[list[Membership], int]:
    """Return one page of the people, suspended ones last, by e-mail, and how many there are in all."""
    rows = _members(organization_id)
    return list(rows[offset : offset + limit]), rows.count()


def count_team(*, organization_id: uuid.UUID) -> tuple[int, int]:
    """Return how many people there are, suspended ones too, and how many invitations can still be sent or revoked."""
    people = list_present(organization_id).count()
    return people, Invitation.objects.for_organization(organization_id).filter(_OPEN).count()


def stream_members(*, organization_id: uuid.UUID) -> Iterator[Membership]:
    """Yield everybody with access or suspended, as `list_members` orders them."""
    return _members(organization_id).iterator(chunk_size=500)


def get_member(*, organization_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """Return the membership with its `user` and `has_second_factor`; raises NotFound."""
    row = _members(organization_id).filter(pk=membership_id).first()
    if row is None:
        raise NotFound
    return row


def lock_member_and_admins(
    *, organization_id: uuid.UUID, membership_id: uuid.UUID
) -> tuple[Membership, list[Membership]]:
    """Return that membership and the active admins, all locked until the unit of work ends; raises NotFound.

    They are locked in one order, so that of two requests that each end an admin the second sees what the first did.
    """
    rows = list_present(organization_id).select_related("user")
    locked = rows.select_for_update(of=("self",)).filter(Q(pk=membership_id) | Q(role=Role.ADMIN.value)).order_by("pk")
    found = list(locked)
    member = next((each for each in found if each.pk == membership_id), None)
    if member is None:
        raise NotFound
    admins = [each for each in found if each.role == Role.ADMIN.value and each.is_active and each.user.is_active]
    return member, admins


def list_invitations(
    *, organization_id: uuid.UUID, is_open: bool | None = None, limit: int, offset: int
) -> tuple[list[Invitation], int]:
    """Return one page of the invitations, the latest first, and how many there are; `is_open` includes expired ones."""
    rows = Invitation.objects.for_organization(organization_id).select_related("invited_by")
    if is_open is not None:
        rows = rows.filter(_OPEN) if is_open else rows.exclude(_OPEN)
    return list(rows.order_by("-sent_at", "-id")[offset : offset + limit]), rows.count()


def lock_invitation(*, organization_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """Return the invitation, locked until the unit of work ends; raises NotFound."""
    rows = Invitation.objects.for_organization(organization_id).select_for_update(of=("self",))
    return _one(rows.filter(pk=invitation_id))


def find_open_invitation(*, organization_id: uuid.UUID, email: str) -> Invitation | None:
    """Return the invitation of that canonical address that has not been ended, or None; it may have expired."""
    return Invitation.objects.for_organization(organization_id).filter(_OPEN, email=email).first()


def find_invitation_named(*, public_id: str, is_locked: bool = False) -> Invitation | None:
    """Return the invitation of whichever organization, with it and who invited, or None."""
    rows = Invitation.objects.across_organizations(reason="a link is opened before its organization is known")
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    return rows.select_related("organization", "invited_by").filter(public_id=public_id).first()


def read_state(invitation: Invitation, *, now: datetime) -> InvitationState:
    """Return where the invitation stands."""
    return decide_state(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
        closed_at=invitation.closed_at,
        now=now,
    )


def _members(organization_id: uuid.UUID) -> QuerySet[Membership]:
    factors = Authenticator.objects.filter(
        user_id=OuterRef("user_id"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    rows = list_present(organization_id).select_related("user")
    return rows.annotate(has_second_factor=Exists(factors)).order_by("-is_active", "user__email")


def _one(rows: QuerySet[Invitation]) -> Invitation:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
