"""The words of accounts: organization types, modules, roles, key types and what they look like."""

import uuid
from datetime import datetime
from enum import StrEnum

import msgspec

from core.environments import Environment


class OrganizationType(StrEnum):
    MERCHANT = "comercio"
    PSP = "psp"
    BANK = "banco"


class Module(StrEnum):
    """What an organization can contract (contract §1)."""

    PREVENTION = "CLM-MOD-PREV"
    OPERATIONS = "CLM-MOD-OPS"
    INSTITUTIONAL = "CLM-MOD-INST"
    INTELLIGENCE = "CLM-ADD-INTEL"
    NETWORK_CONSUME = "CLM-ADD-NET-C"


class Role(StrEnum):
    ADMIN = "admin"
    ANALYST = "analyst"
    COMPLIANCE_OFFICER = "compliance_officer"
    VIEWER = "viewer"


class InvitationState(StrEnum):
    """Where an invitation stands; only a pending one opens."""

    PENDING = "pending"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    CLOSED = "closed"


class KeyType(StrEnum):
    SECRET = "secret"  # noqa: S105  a kind of key, not a key
    PUBLISHABLE = "publishable"
    INGEST = "ingest"


class Language(StrEnum):
    """What an organization is written to in, until the reader chooses."""

    SPANISH = "es-mx"
    ENGLISH = "en"


class MaintenanceSwitch(StrEnum):
    """What can be closed for maintenance, over the whole installation or for one organization."""

    PAYIN = "maintenance_payin"
    PAYOUT = "maintenance_payout"


class FailPolicy(StrEnum):
    """What a client does when no answer comes in time (contract §6)."""

    OPEN = "fail_open"
    CLOSED = "fail_closed"


KEY_PREFIXES = {KeyType.SECRET: "clm_sk_", KeyType.PUBLISHABLE: "clm_pub_", KeyType.INGEST: "clm_wh_"}
DEFAULT_RATE_LIMIT_PER_MINUTE = 100
ROTATION_OVERLAP_HOURS = (0, 24, 168)
SIGN_IN_FAILED = "sign_in.failed"
INVITATION_FAILED = "invitation.failed"
TEN_YEARS_DAYS = 3653
"""The most days that ten years have. So long a bank keeps what it records (general provisions of LIC art. 115)."""
TOKEN_ALGORITHM = "HS256"  # noqa: S105  the name of an algorithm


class OrganizationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a request needs to know of the organization it speaks for."""

    id: uuid.UUID
    organization_type: OrganizationType
    modules: frozenset[Module]
    timezone: str
    default_environment: Environment
    fail_policy_payin: FailPolicy
    fail_policy_payout: FailPolicy
    maintenance_payin: bool
    maintenance_payout: bool
    allows_as_of: bool
    allows_query_key: bool
    allowed_ips: tuple[str, ...]
    is_active: bool


class KeyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An API key as a request sees it."""

    id: uuid.UUID
    public_id: str
    key_type: KeyType
    environment: Environment
    secret_hash: bytes
    permissions: frozenset[str]
    is_enabled: bool
    revoked_at: datetime | None
    expires_at: datetime | None
    allowed_ips: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    require_origin: bool
    rate_limit_per_minute: int | None
    rate_limit_per_day: int | None
    rate_group: uuid.UUID
    last_used_at: datetime | None = None
    organization: OrganizationFacts
