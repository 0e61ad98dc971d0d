"""What the accounts endpoints take and answer (contract §1); the schema is made from these."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from accounts.types import KeyType, Role
from core.environments import Environment

type Name = Annotated[str, Meta(min_length=1, max_length=100)]
type Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset, in the future")]
type Items = Annotated[list[str], Meta(max_length=100)]
type Limit = Annotated[int, Meta(ge=1, le=2_147_483_647)]


class TokenRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who signs in. `otp` is read of a person who has a second factor."""

    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=1024)]
    otp: Annotated[str, Meta(max_length=64)] | None = None
    organization_id: uuid.UUID | None = None


class TokenBody(msgspec.Struct, kw_only=True):
    """A token; `expires_in` is in seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  a word of RFC 6750
    expires_in: int
    organization_id: uuid.UUID
    role: Role


class KeyRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A key to be made. Permissions absent or null: those of its type as of now; `*`: those it has at each call."""

    name: Name
    type: KeyType
    environment: Environment = Environment.SANDBOX
    permissions: Items | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    allowed_ips: Items | UnsetType = UNSET
    allowed_origins: Items | UnsetType = UNSET
    require_origin: bool | UnsetType = UNSET
    rate_limit_per_minute: Limit | UnsetType | None = UNSET
    rate_limit_per_day: Limit | UnsetType | None = UNSET


class KeyChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Settings to be changed; what is absent stays. Type and environment never change."""

    name: Name | UnsetType = UNSET
    permissions: Items | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    allowed_ips: Items | UnsetType = UNSET
    allowed_origins: Items | UnsetType = UNSET
    require_origin: bool | UnsetType = UNSET
    rate_limit_per_minute: Limit | UnsetType | None = UNSET
    rate_limit_per_day: Limit | UnsetType | None = UNSET


class RotationRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For how many hours the old key stays valid."""

    overlap_hours: Literal[0, 24, 168] = 0


class KeyBody(msgspec.Struct, kw_only=True):
    """A key's settings. `prefix` and `last_four` are the parts of it that may be shown."""

    id: uuid.UUID
    name: str
    type: KeyType
    environment: Environment
    prefix: str
    last_four: str
    permissions: list[str]
    is_enabled: bool
    expires_at: str | None
    revoked_at: str | None
    allowed_ips: list[str]
    allowed_origins: list[str]
    require_origin: bool
    rate_limit_per_minute: int | None
    rate_limit_per_day: int | None
    created_by: uuid.UUID | None
    created_at: str | None
    last_used_at: str | None
    last_used_ip: str | None


class NewKeyBody(KeyBody, kw_only=True):
    """The same with the full key, this once."""

    key: str


class KeyPage(msgspec.Struct, kw_only=True):
    """A page of keys, the newest first."""

    data: list[KeyBody]
    total: int
    limit: int
    offset: int
