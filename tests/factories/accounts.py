"""Organizations, people and keys for tests. Every row says whose it is."""

import uuid
from datetime import timedelta
from typing import Any

import jwt
from django.conf import settings

from accounts.invitation_tokens import make_token
from accounts.keys import make_key
from accounts.models import AccessToken, ApiKey, Invitation, Membership, Organization, Submerchant, User
from accounts.permissions import ROLE_PERMISSIONS
from accounts.types import TOKEN_ALGORITHM, KeyType, Module, OrganizationType, Role
from core.actor import Actor, ActorKind
from core.clock import read_clock
from core.environments import Environment

PASSWORD = "correct horse battery staple"


def make_organization(**fields: Any) -> Organization:
    """Insert an organization with every module, whose default environment is the sandbox."""
    given = {
        "name": f"Organización {uuid.uuid4().hex[:6]}",
        "organization_type": OrganizationType.BANK.value,
        "modules": [module.value for module in Module],
        "default_environment": Environment.SANDBOX.value,
        "allows_as_of": True,
    }
    return Organization.objects.create(**(given | fields))


def make_user(*, email: str | None = None) -> User:
    return User.objects.create_user(email=email or f"{uuid.uuid4().hex[:10]}@example.com", password=PASSWORD)


def make_member(*, organization: Organization, role: Role = Role.ADMIN, user: User | None = None) -> Membership:
    return Membership.objects.create(organization_id=organization.id, user=user or make_user(), role=role.value)


def make_invitation(*, organization: Organization, **fields: Any) -> tuple[Invitation, str]:
    """Insert a pending invitation and return it with its token."""
    new, now = make_token(), read_clock()
    given: dict[str, Any] = {
        "email": f"{uuid.uuid4().hex[:10]}@example.com",
        "role": Role.ANALYST.value,
        "expires_at": now + timedelta(days=7),
        "sent_at": now,
    }
    row = Invitation.objects.create(
        organization_id=organization.id, public_id=new.public_id, token_hash=new.token_hash, **(given | fields)
    )
    return row, new.full


def make_actor(member: Membership) -> Actor:
    """Return the actor that this member is, in the sandbox."""
    role = Role(member.role)
    return Actor(
        organization_id=member.organization_id,
        environment=Environment.SANDBOX,
        kind=ActorKind.USER,
        id=member.user_id,
        name=role.value,
        permissions=ROLE_PERMISSIONS[role],
        role=role.value,
    )


def make_submerchant(*, organization: Organization, **fields: Any) -> Submerchant:
    """Insert an active submerchant of the sandbox."""
    given: dict[str, Any] = {
        "external_id": uuid.uuid4().hex,
        "name": "Abarrotes Núñez",
        "environment": Environment.SANDBOX,
    }
    return Submerchant.objects.create(organization_id=organization.id, **(given | fields))


def make_api_key(
    *, organization: Organization, key_type: KeyType = KeyType.SECRET, **fields: Any
) -> tuple[ApiKey, str]:
    """Insert a key without limits and return it with the full key."""
    new = make_key(key_type)
    given: dict[str, Any] = {
        "name": "test",
        "key_type": key_type.value,
        "permissions": ["*"],
        "environment": Environment.SANDBOX,
    }
    given |= fields
    row = ApiKey.objects.create(
        organization_id=organization.id,
        public_id=new.public_id,
        secret_hash=new.secret_hash,
        last_four=new.last_four,
        **given,
    )
    return row, new.full


def session_token(member: Membership) -> str:
    """Return a live JWT of this member."""
    now = read_clock()
    token = AccessToken.objects.create(
        organization_id=member.organization_id,
        user=member.user,
        password_epoch=member.user.password_epoch,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )
    claims = {"jti": str(token.id), "exp": token.expires_at}
    return jwt.encode(claims, settings.SECRET_KEY, algorithm=TOKEN_ALGORITHM)


def bearer(credential: str) -> dict[str, Any]:
    """Return the header keywords of Django's test client for this credential."""
    return {"HTTP_AUTHORIZATION": f"Bearer {credential}"}
