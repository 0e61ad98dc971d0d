"""What the policy's endpoints take and answer; the schema is made from these."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from msgspec import UNSET, Meta, UnsetType

from assess.draft_impact import DraftImpact
from assess.impact import Impact
from assess.models import AssessmentPolicy, PolicyDraft, PolicySettings
from assess.policy import Policy, encode_policy
from assess.policy_difference import PolicyChange, list_changes
from assess.services.policy_drafts import MAXIMUM_TITLE_LENGTH
from assess.services.publish_policy import MAXIMUM_REASON_LENGTH
from assess.types import DraftState
from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.responses import format_time
from transactions.types import Decision

type Version = Annotated[int, Meta(ge=1, le=2_147_483_647)]
type Revision = Annotated[int, Meta(ge=0, le=2_147_483_647, description="As it was read; a stale one is 409")]
type Title = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_TITLE_LENGTH)]
type Reason = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_REASON_LENGTH)]
type Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset, in the future")]
type Document = Annotated[dict[str, Any], Meta(description="A complete policy, as `GET /api/v1/policy` gives it")]


class PolicyChangeBody(msgspec.Struct, kw_only=True):
    """One value that differs; `path` as in the document, its parts joined by points."""

    path: str
    before: Any
    after: Any


class PolicyVersionBody(msgspec.Struct, kw_only=True):
    """A published version; `published_by` null: the one that everybody begins with, or the system."""

    version: int
    reason: str
    published_at: str
    published_by: uuid.UUID | None
    approved_by: uuid.UUID | None


class PolicyVersionPage(msgspec.Struct, kw_only=True):
    """A page of versions, the newest first."""

    data: list[PolicyVersionBody]
    total: int
    limit: int
    offset: int


class PolicyBody(PolicyVersionBody, kw_only=True):
    """A version with all that it says."""

    document: dict[str, Any]


class PolicyWithChangesBody(PolicyBody, kw_only=True):
    """A version with what it changed of the one before it."""

    changes: list[PolicyChangeBody]


class PolicyMoveBody(msgspec.Struct, kw_only=True):
    """So many payments would be decided otherwise."""

    before: Decision
    after: Decision
    payments: int


class PolicyImpactBody(msgspec.Struct, kw_only=True):
    """Among how many of the newest payments of the last 30 days (at most 1,000) how many decisions would change."""

    payments: int
    changed: int
    percent: float
    moves: list[PolicyMoveBody]


class PolicyDraftSummary(msgspec.Struct, kw_only=True):
    """A policy that is worked on; `impact` as it was counted when it was proposed."""

    id: uuid.UUID
    title: str
    state: DraftState
    base_version: int
    revision: int
    reason: str
    created_by: uuid.UUID | None
    proposed_by: uuid.UUID | None
    approved_by: uuid.UUID | None
    created_at: str
    updated_at: str
    publish_at: str | None
    published_version: int | None
    impact: PolicyImpactBody | None


class PolicyDraftList(msgspec.Struct, kw_only=True):
    """The drafts that are open, what waits for a second person first."""

    data: list[PolicyDraftSummary]


class PolicyDraftBody(PolicyDraftSummary, kw_only=True):
    """A draft with all that it says and what it changes; while it is open its impact is counted anew."""

    document: dict[str, Any]
    changes: list[PolicyChangeBody]


class NewPolicyDraft(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A draft to begin; without a document it is the policy in force, without a version it stands on that one."""

    title: Title
    document: Document | UnsetType = UNSET
    base_version: Version | UnsetType = UNSET


class PolicyDraftChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the draft says instead."""

    revision: Revision
    document: Document
    title: Title | UnsetType = UNSET


class PolicyProposal(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why, and from when on; without a moment at once."""

    reason: Reason
    revision: Revision
    publish_at: Moment | None = None


class PolicyApproval(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which text of the proposal is agreed to."""

    revision: Revision


class PolicyRebase(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`keeps_own`: where both changed the same, the draft's stands; without it that is 409."""

    revision: Revision
    keeps_own: bool = False


class PolicySettingsBody(msgspec.Struct, kw_only=True):
    """Who proposes and who approves; `second_person_percent` null: a second person is never needed of admins."""

    second_person_percent: int | None
    are_analysts_heard: bool
    revision: int


class PolicySettingsChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Both settings, as they are to be."""

    second_person_percent: Annotated[int, Meta(ge=1, le=100)] | None
    are_analysts_heard: bool
    revision: Revision


_MAXIMUM_BYTES = 1_000_000
"""Of a document: 200 rules of 2 kB each, and room."""


def read_body[T: msgspec.Struct](request: HttpRequest, kind: type[T]) -> T:
    """Return the body as that struct; raises ValidationFailed."""
    tree = read_object(request, maximum_bytes=_MAXIMUM_BYTES)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)


def describe_version(row: AssessmentPolicy) -> PolicyVersionBody:
    """Return who published the version, when and why."""
    return PolicyVersionBody(**_list_version(row))


def describe_policy(row: AssessmentPolicy, policy: Policy) -> PolicyBody:
    """Return the version with its document."""
    return PolicyBody(**_list_version(row), document=encode_policy(policy))


def describe_policy_with_changes(row: AssessmentPolicy, former: Policy, policy: Policy) -> PolicyWithChangesBody:
    """Return the version with its document and what it changed."""
    changes = _describe_changes(list_changes(former, policy))
    return PolicyWithChangesBody(**_list_version(row), document=encode_policy(policy), changes=changes)


def describe_draft_in_short(row: PolicyDraft) -> PolicyDraftSummary:
    """Return the draft without what it says."""
    return PolicyDraftSummary(**_list_draft(row, _read_impact(row)))


def describe_draft(row: PolicyDraft, base: Policy, draft: Policy, measured: DraftImpact | None) -> PolicyDraftBody:
    """Return the draft with what it says; `measured` replaces the impact that it was proposed with."""
    impact = measured.impact if measured else _read_impact(row)
    changes = _describe_changes(list_changes(base, draft))
    return PolicyDraftBody(**_list_draft(row, impact), document=encode_policy(draft), changes=changes)


def describe_settings(row: PolicySettings) -> PolicySettingsBody:
    """Return the settings."""
    return PolicySettingsBody(
        second_person_percent=row.second_person_percent,
        are_analysts_heard=row.are_analysts_heard,
        revision=row.revision,
    )


def _list_version(row: AssessmentPolicy) -> dict[str, Any]:
    return {
        "version": row.version,
        "reason": row.reason,
        "published_at": format_time(row.published_at),
        "published_by": row.published_by_id,
        "approved_by": row.approved_by_id,
    }


def _list_draft(row: PolicyDraft, impact: Impact | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "state": DraftState(row.state),
        "base_version": row.base_version,
        "revision": row.revision,
        "reason": row.reason,
        "created_by": row.created_by_id,
        "proposed_by": row.proposed_by_id,
        "approved_by": row.approved_by_id,
        "created_at": format_time(row.created_at),
        "updated_at": format_time(row.updated_at),
        "publish_at": format_time(row.publish_at),
        "published_version": row.published_version,
        "impact": _describe_impact(impact),
    }


def _read_impact(row: PolicyDraft) -> Impact | None:
    return msgspec.convert(row.impact, Impact) if row.impact else None


def _describe_impact(impact: Impact | None) -> PolicyImpactBody | None:
    if impact is None:
        return None
    moves = [_describe_move(name, count) for name, count in impact.moves.items()]
    return PolicyImpactBody(
        payments=impact.payments, changed=impact.changed, percent=round(impact.percent, 2), moves=moves
    )


def _describe_move(name: str, count: int) -> PolicyMoveBody:
    before, after = map(Decision, name.split(">"))
    return PolicyMoveBody(before=before, after=after, payments=count)


def _describe_changes(changes: tuple[PolicyChange, ...]) -> list[PolicyChangeBody]:
    return [PolicyChangeBody(path=".".join(each.path), before=each.before, after=each.after) for each in changes]
