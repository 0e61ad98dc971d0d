"""What the team's endpoints take and answer; the schema is made from these."""

import uuid
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from accounts.rules.people import MAXIMUM_NOTE_LENGTH
from accounts.types import InvitationState, Role

type Revision = Annotated[int, Meta(ge=0, le=2_147_483_647, description="As it was read; a stale one is 409")]


class MemberBody(msgspec.Struct, kw_only=True):
    """A person with a role here; not active is suspended."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    email: str
    role: Role
    is_active: bool
    has_second_factor: bool
    created_at: str
    last_access_at: str | None
    suspended_at: str | None
    revision: int


class MemberPage(msgspec.Struct, kw_only=True):
    """A page of members, suspended ones last, by e-mail."""

    data: list[MemberBody]
    total: int
    limit: int
    offset: int


class MemberChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A role, or whether the member has access; `note`, of a suspension, says who takes over what."""

    role: Role | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=MAXIMUM_NOTE_LENGTH)] = ""
    revision: Revision | None = None


class InvitationRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    email: Annotated[str, Meta(max_length=254)]
    role: Role


class InvitationBody(msgspec.Struct, kw_only=True):
    """An invitation; its link goes out by mail and is in no answer."""

    id: uuid.UUID
    email: str
    role: Role
    state: InvitationState
    invited_by: uuid.UUID | None
    created_at: str
    sent_at: str
    sent_count: int
    expires_at: str
    ended_at: str | None


class InvitationPage(msgspec.Struct, kw_only=True):
    """A page of invitations, the latest first."""

    data: list[InvitationBody]
    total: int
    limit: int
    offset: int
