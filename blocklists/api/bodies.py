"""The JSON of blocklists, in and out (contract §9)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from msgspec import UNSET, Meta, UnsetType

from blocklists.api.words import read_list_type, read_severity
from blocklists.import_types import MAXIMUM_REASON
from blocklists.rules.warnings import EntryWarning
from blocklists.types import (
    LAST_YEAR,
    EntryChanges,
    EntryFacts,
    EntrySource,
    FlowScope,
    HitSummary,
    ListType,
    NewEntry,
    Severity,
)
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.responses import format_time

type Reason = Annotated[str, Meta(max_length=MAXIMUM_REASON)]
type Moment = Annotated[
    datetime, Meta(tz=True, description=f"ISO 8601 with an offset, in the future, of {LAST_YEAR} at the latest")
]
type GivenSource = Literal["manual", "rule", "chargeback", "api"]
type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class AddBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /api/v1/blocklists`. Without `flow_scope` the type's own applies; `expires_at` null is for good."""

    list_type: ListType
    value: str
    flow_scope: FlowScope | None = None
    severity: Severity = Severity.BLOCK
    reason: Reason | None = None
    source: GivenSource = "manual"
    expires_at: Moment | None = None


class ChangeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`PATCH /api/v1/blocklists/{id}`. What is absent stays; `id` may be repeated."""

    id: uuid.UUID | UnsetType = UNSET
    reason: Reason | UnsetType | None = UNSET
    severity: Severity | UnsetType = UNSET
    flow_scope: FlowScope | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET


class ChangeWithIdBody(ChangeBody, frozen=True, kw_only=True):
    """`PATCH /api/v1/blocklists`. What is absent stays."""

    id: uuid.UUID


class RemoveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`DELETE /api/v1/blocklists` when the id is not in the URL."""

    id: uuid.UUID


class EntryBody(msgspec.Struct, frozen=True, kw_only=True):
    """An entry, as the API shows it."""

    id: uuid.UUID
    organization_id: uuid.UUID
    list_type: ListType
    value: str
    flow_scope: FlowScope
    severity: Severity
    reason: str
    source: EntrySource
    case_id: uuid.UUID | None
    is_active: bool
    expires_at: Time | None
    created_by: uuid.UUID | None
    created_at: Time
    updated_at: Time
    hit_count: int
    last_hit_at: Time | None


class AddedBody(EntryBody, frozen=True, kw_only=True):
    """An entry that was just added; `warnings` are there when it meets one's own accounts or a very wide network."""

    warnings: list[EntryWarning] | UnsetType = UNSET


class EntryPageBody(msgspec.Struct, frozen=True, kw_only=True):
    """One page of entries, newest first."""

    data: list[EntryBody]
    total: int
    limit: int
    offset: int


def read_new_entry(request: HttpRequest) -> NewEntry:
    """Return the entry that the body asks for; raises InvalidListType, InvalidSeverity, ValidationFailed."""
    body = _read_body(request, AddBody)
    return NewEntry(
        list_type=body.list_type,
        value=body.value,
        flow_scope=body.flow_scope,
        severity=body.severity,
        reason=body.reason or "",
        source=EntrySource(body.source),
        expires_at=body.expires_at,
    )


def read_changes(request: HttpRequest, kind: type[ChangeBody]) -> tuple[uuid.UUID | None, EntryChanges]:
    """Return the id in the body, if any, and the changes; raises InvalidSeverity, ValidationFailed."""
    body = _read_body(request, kind)
    changes = EntryChanges(
        reason="" if body.reason is None else body.reason,
        severity=body.severity,
        flow_scope=body.flow_scope,
        is_active=body.is_active,
        expires_at=body.expires_at,
    )
    return (None if body.id is UNSET else body.id), changes


def read_removal(request: HttpRequest) -> uuid.UUID | None:
    """Return the id in the body, None when there is no body; raises ValidationFailed."""
    if request.META.get("CONTENT_LENGTH") in {None, "", "0"}:
        return None
    return _read_body(request, RemoveBody).id


def _read_body[T: msgspec.Struct](request: HttpRequest, kind: type[T]) -> T:
    tree = read_object(request)
    refuse_unknown_fields(tree, kind)
    if "list_type" in tree:
        read_list_type(tree["list_type"])
    if "severity" in tree:
        read_severity(tree["severity"])
    return decode(tree, kind)


def make_entry_body(entry: EntryFacts, hits: HitSummary) -> EntryBody:
    """Return the entry with what it met."""
    return EntryBody(
        id=entry.id,
        organization_id=entry.organization_id,
        list_type=entry.list_type,
        value=entry.value,
        flow_scope=entry.flow_scope,
        severity=entry.severity,
        reason=entry.reason,
        source=entry.source,
        case_id=entry.case_id,
        is_active=entry.is_active,
        expires_at=format_time(entry.expires_at),
        created_by=entry.created_by,
        created_at=format_time(entry.created_at),
        updated_at=format_time(entry.updated_at),
        hit_count=hits.count,
        last_hit_at=format_time(hits.last_at),
    )


def make_added_body(entry: EntryFacts, hits: HitSummary, warnings: Sequence[EntryWarning]) -> AddedBody:
    """Return the entry with what it met, and what whoever added it should have thought of."""
    fields = msgspec.structs.asdict(make_entry_body(entry, hits))
    return AddedBody(**fields, warnings=list(warnings) or UNSET)
