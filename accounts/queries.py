"""Reads of accounts. `find_key` and `find_session` run on every call, so they are hand-written."""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from accounts.models import ApiKey, Membership, Organization, SecurityEntry, Submerchant, User
from accounts.types import (
    SIGN_IN_FAILED,
    FailPolicy,
    KeyFacts,
    KeyType,
    Module,
    OrganizationFacts,
    OrganizationType,
    Role,
)
from core.environments import Environment
from core.errors import NotFound
from core.identifiers import email as emails
from core.sql import Statement, read_again_if_lost, run_statement

_ORGANIZATION = """
    o.id, o.organization_type, o.modules, o.timezone, o.default_environment, o.fail_policy_payin, o.fail_policy_payout,
    o.maintenance_payin
        OR EXISTS (SELECT FROM accounts_platformswitch s WHERE s.name = 'maintenance_payin' AND s.is_on),
    o.maintenance_payout
        OR EXISTS (SELECT FROM accounts_platformswitch s WHERE s.name = 'maintenance_payout' AND s.is_on),
    o.allows_as_of, o.allows_query_key, o.allowed_ips, o.is_active
"""

_FIND_KEY = f"""
SELECT k.id, k.public_id, k.key_type, k.environment, k.secret_hash, k.permissions, k.is_enabled, k.revoked_at,
       k.expires_at, k.allowed_ips, k.allowed_origins, k.require_origin, k.rate_limit_per_minute, k.rate_limit_per_day,
       k.rate_group, k.last_used_at, {_ORGANIZATION}
FROM accounts_apikey k JOIN accounts_organization o ON o.id = k.organization_id
WHERE k.public_id = %(public_id)s
"""  # noqa: S608  only constants are joined

_FIND_SESSION = f"""
SELECT t.id, t.user_id, m.role, {_ORGANIZATION}
FROM accounts_accesstoken t
JOIN accounts_user u ON u.id = t.user_id
JOIN accounts_membership m ON m.user_id = t.user_id AND m.organization_id = t.organization_id
JOIN accounts_organization o ON o.id = t.organization_id
WHERE t.id = %(token_id)s AND t.ended_at IS NULL AND t.expires_at > now() AND u.is_active AND m.is_active
  AND u.password_epoch = t.password_epoch AND o.is_active
"""  # noqa: S608  only constants are joined

_FIND_MEMBER = f"""
SELECT m.id, m.role, u.id, u.email, u.name, u.preferences, o.name, o.requires_mfa,
       EXISTS (SELECT FROM mfa_authenticator a WHERE a.user_id = u.id AND a.type IN ('totp', 'webauthn')),
       (SELECT count(*) FROM accounts_membership n JOIN accounts_organization p ON p.id = n.organization_id
        WHERE n.user_id = u.id AND n.is_active AND p.is_active), m.last_access_at, {_ORGANIZATION}
FROM accounts_membership m
JOIN accounts_user u ON u.id = m.user_id
JOIN accounts_organization o ON o.id = m.organization_id
WHERE m.organization_id = %(organization_id)s AND m.user_id = %(user_id)s AND u.is_active AND m.is_active
  AND o.is_active
"""  # noqa: S608  only constants are joined

_LOCK_SIGN_INS = "SELECT pg_advisory_xact_lock(key) FROM unnest(%(keys)s::bigint[]) AS given (key)"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A live sign-in, its role as of this very request; a browser's has no token."""

    token_id: uuid.UUID | None
    user_id: uuid.UUID
    role: Role
    organization: OrganizationFacts


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A person at work in an organization, as of this very request."""

    membership_id: uuid.UUID
    role: Role
    user_id: uuid.UUID
    email: str
    name: str
    preferences: dict[str, str]
    organization_name: str
    requires_mfa: bool
    has_second_factor: bool
    organizations: int
    last_access_at: datetime | None
    organization: OrganizationFacts


def find_member(*, user_id: uuid.UUID, organization_id: uuid.UUID) -> MemberFacts | None:
    """Return the person with their role there, or None when person, membership or organization is not active."""
    rows = read_again_if_lost(Statement(_FIND_MEMBER, {"user_id": user_id, "organization_id": organization_id}))
    if not rows:
        return None
    row = rows[0]
    return MemberFacts(
        membership_id=row[0],
        role=Role(row[1]),
        user_id=row[2],
        email=row[3],
        name=row[4],
        preferences=_read_preferences(row[5]),
        organization_name=row[6],
        requires_mfa=row[7],
        has_second_factor=row[8],
        organizations=row[9],
        last_access_at=row[10],
        organization=_make_organization(row[11:]),
    )


def _read_preferences(stored: Any) -> dict[str, str]:
    return json.loads(stored) if isinstance(stored, str) else dict(stored)


def find_key(*, public_id: str) -> KeyFacts | None:
    """Return the key with that public id, whatever its state, or None."""
    return read_key(read_again_if_lost(make_key_statement(public_id=public_id)))


def make_key_statement(*, public_id: str) -> Statement:
    """Return the look-up of a key and its organization; `read_key` reads its rows."""
    return Statement(_FIND_KEY, {"public_id": public_id})


def read_key(rows: list[tuple[Any, ...]]) -> KeyFacts | None:
    """Return the key that was found, whatever its state, or None."""
    return _make_key(rows[0]) if rows else None


def find_session(*, token_id: uuid.UUID) -> SessionFacts | None:
    """Return the sign-in when it still stands: not ended, member and organization active, same password."""
    rows = read_again_if_lost(Statement(_FIND_SESSION, {"token_id": token_id}))
    if not rows:
        return None
    row = rows[0]
    return SessionFacts(row[0], row[1], Role(row[2]), _make_organization(row[3:]))


def _make_key(row: tuple[Any, ...]) -> KeyFacts:
    return KeyFacts(
        id=row[0],
        public_id=row[1],
        key_type=KeyType(row[2]),
        environment=Environment(row[3]),
        secret_hash=bytes(row[4]),
        permissions=frozenset(row[5]),
        is_enabled=row[6],
        revoked_at=row[7],
        expires_at=row[8],
        allowed_ips=tuple(row[9]),
        allowed_origins=tuple(row[10]),
        require_origin=row[11],
        rate_limit_per_minute=row[12],
        rate_limit_per_day=row[13],
        rate_group=row[14],
        last_used_at=row[15],
        organization=_make_organization(row[16:]),
    )


def _make_organization(row: tuple[Any, ...]) -> OrganizationFacts:
    return OrganizationFacts(
        id=row[0],
        organization_type=OrganizationType(row[1]),
        modules=frozenset(Module(module) for module in row[2]),
        timezone=row[3],
        default_environment=Environment(row[4]),
        fail_policy_payin=FailPolicy(row[5]),
        fail_policy_payout=FailPolicy(row[6]),
        maintenance_payin=row[7],
        maintenance_payout=row[8],
        allows_as_of=row[9],
        allows_query_key=row[10],
        allowed_ips=tuple(row[11]),
        is_active=row[12],
    )


_FIND_ORIGIN = """
SELECT EXISTS (
    SELECT FROM accounts_apikey k JOIN accounts_organization o ON o.id = k.organization_id
    WHERE k.key_type = 'publishable' AND k.is_enabled AND k.revoked_at IS NULL AND o.is_active
      AND (k.expires_at IS NULL OR k.expires_at > now()) AND k.allowed_origins @> ARRAY[%(origin)s]::varchar[]
)
"""


def is_origin_of_any_key(*, origin: str) -> bool:
    """Say whether some live publishable key, of any organization, lists this origin (a preflight carries no key)."""
    return bool(read_again_if_lost(Statement(_FIND_ORIGIN, {"origin": origin}))[0][0])


def get_organization(*, organization_id: uuid.UUID) -> Organization:
    """Return the organization; raises NotFound."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def get_company(*, organization_id: uuid.UUID) -> Organization:
    """Return the organization with whoever approved its fail policies; raises NotFound."""
    approvers = ("fail_policy_payin_approved_by", "fail_policy_payout_approved_by")
    return _one(Organization.objects.filter(pk=organization_id).select_related(*approvers))


def lock_organization(*, organization_id: uuid.UUID) -> Organization:
    """Return the organization, locked until the unit of work ends; raises NotFound."""
    organization = Organization.objects.select_for_update(of=("self",)).filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def find_user(*, email: str) -> User | None:
    """Return the person with that address, in any case of letters, or None."""
    return User.objects.filter(email=emails.compact(email)).first()


def list_open_sessions(*, user_id: uuid.UUID, now: datetime) -> list[UserSession]:
    """Return where that person is signed in with a browser, oldest first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return list(UserSession.objects.filter(user_id=user_id, session_key__in=alive).order_by("created_at"))


def list_active_memberships(*, user_id: uuid.UUID) -> list[Membership]:
    """Return where a person may work just now, with each organization, by its name."""
    memberships = Membership.objects.across_organizations(reason="a person signs in and says in which they will work")
    live = memberships.filter(user_id=user_id, is_active=True, organization__is_active=True)
    return list(live.select_related("organization").order_by("organization__name", "organization_id"))


def list_admins(*, organization_id: uuid.UUID) -> list[User]:
    """Return the organization's active admins, by address."""
    admins = Membership.objects.for_organization(organization_id).filter(role=Role.ADMIN.value, is_active=True)
    live = admins.filter(user__is_active=True)
    return [member.user for member in live.select_related("user").order_by("user__email")]


def list_expiring_keys(*, after: datetime, until: datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return (organization, key) of the live keys that expire in that span, of every active organization."""
    keys = ApiKey.objects.across_organizations(reason="the worker warns every organization of its keys' expiry")
    live = keys.filter(is_enabled=True, revoked_at=None, organization__is_active=True)
    expiring = live.filter(expires_at__gt=after, expires_at__lte=until)
    return list(expiring.order_by("expires_at", "id").values_list("organization_id", "id"))


def list_memberships(*, user_id: uuid.UUID) -> list[Membership]:
    """Return where a person belongs, suspended or not, with each organization."""
    memberships = Membership.objects.across_organizations(reason="what befalls a person is told wherever they belong")
    return list(
        memberships.filter(user_id=user_id, removed_at=None).select_related("organization").order_by("organization_id")
    )


def list_api_keys(
    *, organization_id: uuid.UUID, environments: Collection[Environment], limit: int, offset: int
) -> tuple[list[ApiKey], int]:
    """Return one page of the organization's keys, the newest first, and how many there are in all."""
    keys = ApiKey.objects.in_environments(organization_id, environments)
    return list(keys.order_by("-created_at", "-id")[offset : offset + limit]), keys.count()


def get_api_key(*, organization_id: uuid.UUID, key_id: uuid.UUID) -> ApiKey:
    """Return the key of either environment; raises NotFound, for another organization's too."""
    return _one(ApiKey.objects.in_environments(organization_id).filter(pk=key_id))


def lock_api_key(*, organization_id: uuid.UUID, key_id: uuid.UUID) -> ApiKey:
    """Return the key, locked until the unit of work ends; raises NotFound."""
    return _one(ApiKey.objects.in_environments(organization_id).select_for_update(of=("self",)).filter(pk=key_id))


def _one[M: Model](rows: QuerySet[M]) -> M:
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def list_submerchants(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    is_active: bool | None,
    search: str,
    limit: int,
    offset: int,
) -> tuple[list[Submerchant], int]:
    """Return one page of the submerchants, the newest first, and how many there are in all."""
    rows = Submerchant.objects.for_organization(organization_id, environment)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    if search:
        rows = rows.filter(Q(external_id__icontains=search) | Q(name__icontains=search))
    return list(rows.order_by("-created_at", "-id")[offset : offset + limit]), rows.count()


def get_submerchant(*, organization_id: uuid.UUID, environment: Environment, submerchant_id: uuid.UUID) -> Submerchant:
    """Return the submerchant; raises NotFound, for another organization's or environment's too."""
    return _one(Submerchant.objects.for_organization(organization_id, environment).filter(pk=submerchant_id))


def lock_submerchant(*, organization_id: uuid.UUID, environment: Environment, submerchant_id: uuid.UUID) -> Submerchant:
    """Return the submerchant, locked until the unit of work ends; raises NotFound."""
    rows = Submerchant.objects.for_organization(organization_id, environment)
    return _one(rows.select_for_update(of=("self",)).filter(pk=submerchant_id))


def lock_submerchant_named(*, organization_id: uuid.UUID, environment: Environment, external_id: str) -> Submerchant:
    """Return the submerchant of that external id, locked until the unit of work ends; raises NotFound."""
    rows = Submerchant.objects.for_organization(organization_id, environment)
    return _one(rows.select_for_update(of=("self",)).filter(external_id=external_id))


def lock_sign_ins(*, subject_digest: bytes, address: str) -> None:
    """Let the tries of one account, and those from one address, be judged one after the other."""
    keys = [int.from_bytes(part[:8], signed=True) for part in (subject_digest, sha256(address.encode()).digest())]
    run_statement(Statement(_LOCK_SIGN_INS, {"keys": sorted(keys)}))


def find_failure_of_account(*, subject_digest: bytes, since: datetime, nth: int) -> datetime | None:
    """Return when the nth latest failed sign-in of an account happened, or None when there are fewer."""
    return _nth(SecurityEntry.objects.filter(subject_digest=subject_digest), since=since, nth=nth)


def find_failure_from_address(
    *, address: str, since: datetime, nth: int, kind: str = SIGN_IN_FAILED
) -> datetime | None:
    """Return when the nth latest failure of that kind from an address happened, or None when there are fewer."""
    return _nth(SecurityEntry.objects.filter(address=address), since=since, nth=nth, kind=kind)


def _nth(entries: QuerySet[SecurityEntry], *, since: datetime, nth: int, kind: str = SIGN_IN_FAILED) -> datetime | None:
    failures = entries.filter(kind=kind, created_at__gt=since).order_by("-created_at")
    return failures.values_list("created_at", flat=True)[nth - 1 : nth].first()
