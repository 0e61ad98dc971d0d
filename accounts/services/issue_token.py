"""Issues the token of a person who has proved who they are."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from django.conf import settings

from accounts.models import AccessToken, Membership
from accounts.person_actor import make_membership_actor
from accounts.types import TOKEN_ALGORITHM, Role
from core.unit_of_work import service
from events.services.record import record


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A signed token, valid for that many seconds; its role is told, not carried, as every call reads it anew."""

    access_token: str
    expires_in: int
    organization_id: uuid.UUID
    role: Role


@service
def issue_token(*, membership: Membership, now: datetime) -> IssuedToken:
    """Insert the token's row and return it signed; it ends with ACCESS_TOKEN_SECONDS, suspension or a new password.

    The membership comes with its person and its organization.
    """
    row = AccessToken.objects.create(
        organization_id=membership.organization_id,
        user_id=membership.user_id,
        password_epoch=membership.user.password_epoch,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS),
    )
    membership.last_access_at = now
    membership.save(update_fields=["last_access_at"])
    record(
        actor=make_membership_actor(membership),
        kind="token.issued",
        subject_type="access_token",
        subject_id=str(row.id),
        payload={"role": membership.role},
        now=now,
    )
    return IssuedToken(_sign(row), settings.ACCESS_TOKEN_SECONDS, membership.organization_id, Role(membership.role))


def _sign(row: AccessToken) -> str:
    claims = {
        "jti": str(row.id),
        "sub": str(row.user_id),
        "org": str(row.organization_id),
        "iat": row.created_at,
        "exp": row.expires_at,
    }
    return jwt.encode(claims, settings.SECRET_KEY, algorithm=TOKEN_ALGORITHM)
