"""Policies that somebody works on, from the first change to their publication (docs/decisions/0051)."""

import uuid
from datetime import datetime
from typing import Any

import msgspec

from assess.impact import Impact
from assess.models import PolicyDraft
from assess.policy import decode_policy, encode_policy
from assess.services.ask_to_approve import ask_to_approve
from assess.services.policy_settings import read_policy_settings
from assess.services.publish_policy import check_publication, publish_policy, require_reason
from assess.types import OPEN_DRAFTS, DraftState
from core.actor import Actor
from core.environments import Environment
from core.errors import AppError, Forbidden, NotFound, StaleForm, ValidationFailed
from core.unit_of_work import service
from events.services.record import record

WRITE = "policy:write"
_CHANGEABLE = frozenset({DraftState.DRAFT, DraftState.STALE})
MAXIMUM_TITLE_LENGTH = 120


class DraftNotFound(NotFound):
    message = "There is no such draft of a policy."


class DraftChanged(StaleForm):
    """Somebody changed the draft first."""

    message = "Somebody changed the draft after it was read; nothing was saved."


class DraftNotOpen(StaleForm):
    """The draft is in a state in which this cannot be done."""

    message = "The draft is not in a state in which this can be done."


class OwnProposal(Forbidden):
    """Nobody agrees to what they proposed themselves."""

    message = "A proposal is approved by somebody else than who wrote or made it."


class AnalystsNotHeard(Forbidden):
    """The organization does not let analysts propose."""

    message = "This organization lets administrators alone propose changes."


@service
def start_draft(*, actor: Actor, title: str, document: object, base_version: int, now: datetime) -> PolicyDraft:
    """Keep a policy to work on; raises PolicyInvalid, ValidationFailed, AnalystsNotHeard."""
    _require_right(actor)
    row = PolicyDraft(
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        title=_require_title(title),
        base_version=base_version,
        document=encode_policy(decode_policy(document, version=base_version)),
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    row.save(force_insert=True)
    _record(actor, row, "policy_draft.started", now)
    return row


@service
def change_draft(
    *, actor: Actor, draft_id: uuid.UUID, document: object, revision: int, title: str | None = None, now: datetime
) -> PolicyDraft:
    """Replace what the draft says.

    Raises DraftNotFound, DraftNotOpen, DraftChanged, PolicyInvalid, AnalystsNotHeard.
    """
    _require_right(actor)
    row = lock_draft(actor, draft_id, states=_CHANGEABLE)
    _require_revision(row, revision)
    row.document = encode_policy(decode_policy(document, version=row.base_version))
    row.title = row.title if title is None else _require_title(title)
    row.state, row.impact = DraftState.DRAFT.value, None
    _name_author(actor, row)
    _save(row, now, "document", "title", "state", "impact", "changed_by")
    _record(actor, row, "policy_draft.changed", now)
    return row


@service
def rebase_draft(
    *, actor: Actor, draft_id: uuid.UUID, document: object, version: int, revision: int | None = None, now: datetime
) -> PolicyDraft:
    """Put the draft, its changes made again, on the version in force; raises as `change_draft`."""
    _require_right(actor)
    row = lock_draft(actor, draft_id, states=_CHANGEABLE)
    _require_revision(row, revision)
    row.document = encode_policy(decode_policy(document, version=version))
    row.base_version, row.state, row.impact = version, DraftState.DRAFT.value, None
    _name_author(actor, row)
    _save(row, now, "document", "base_version", "state", "impact", "changed_by")
    _record(actor, row, "policy_draft.changed", now)
    return row


@service
def propose_draft(
    *,
    actor: Actor,
    draft_id: uuid.UUID,
    reason: str,
    impact: Impact,
    publish_at: datetime | None = None,
    revision: int | None = None,
    now: datetime,
) -> PolicyDraft:
    """Ask for the publication and return the draft as it stands then: published, scheduled, or waiting for another.

    A second person is needed from the organization's limit on, and always for who may not publish themselves; the
    impact is that of the draft at `revision`. Raises DraftNotFound, DraftNotOpen, DraftChanged, ValidationFailed (no
    reason, a past moment), PolicyMoved, NothingToPublish, RulesUnknown.
    """
    _require_right(actor)
    row = lock_draft(actor, draft_id, states=_CHANGEABLE)
    _require_revision(row, revision)
    row.reason, row.impact = require_reason(reason), msgspec.to_builtins(impact)
    row.proposed_by_id, row.approved_by_id = actor.id, None
    row.publish_at = _require_later(publish_at, now)
    needs_another = needs_second_person(actor=actor, impact=impact)
    if needs_another or row.publish_at is not None:  # otherwise the publication itself checks it
        check_publication(actor=actor, document=row.document, base_version=row.base_version)
    if needs_another:
        row.state = DraftState.PROPOSED.value
        _save(row, now, "reason", "impact", "proposed_by", "approved_by", "publish_at", "state")
        _record(
            actor, row, "policy_draft.proposed", now, {"impact": row.impact["changed"], "of": row.impact["payments"]}
        )
        ask_to_approve(row, now=now)
        return row
    _save(row, now, "reason", "impact", "proposed_by", "approved_by", "publish_at")
    return _bring_in(actor, row, now)


@service
def approve_draft(*, actor: Actor, draft_id: uuid.UUID, revision: int, now: datetime) -> PolicyDraft:
    """Agree to somebody else's proposal, which is then published or scheduled.

    Raises Forbidden, OwnProposal, DraftNotFound, DraftNotOpen, DraftChanged, PolicyMoved, RulesUnknown.
    """
    if not actor.can(WRITE):
        raise Forbidden(details={"permission": WRITE})
    row = lock_draft(actor, draft_id, states=frozenset({DraftState.PROPOSED}))
    _require_revision(row, revision)
    if actor.id in row.authors:
        raise OwnProposal
    row.approved_by_id = actor.id
    _save(row, now, "approved_by")
    _record(actor, row, "policy_draft.approved", now)
    return _bring_in(actor, row, now)


@service
def take_back_draft(*, actor: Actor, draft_id: uuid.UUID, now: datetime) -> PolicyDraft:
    """Return a proposal or a scheduled publication to its desk; raises DraftNotFound, DraftNotOpen, Forbidden."""
    row = lock_draft(actor, draft_id, states=frozenset({DraftState.PROPOSED, DraftState.SCHEDULED}))
    if not actor.can(WRITE) and row.proposed_by_id != actor.id:
        raise Forbidden(details={"permission": WRITE})
    row.state, row.publish_at, row.approved_by_id = DraftState.DRAFT.value, None, None
    _save(row, now, "state", "publish_at", "approved_by")
    _record(actor, row, "policy_draft.taken_back", now)
    return row


@service
def discard_draft(*, actor: Actor, draft_id: uuid.UUID, now: datetime) -> PolicyDraft:
    """Put a draft away for good; raises DraftNotFound, DraftNotOpen, Forbidden."""
    row = lock_draft(actor, draft_id, states=OPEN_DRAFTS)
    if not actor.can(WRITE) and row.created_by_id != actor.id:
        raise Forbidden(details={"permission": WRITE})
    row.state = DraftState.DISCARDED.value
    _save(row, now, "state")
    _record(actor, row, "policy_draft.discarded", now)
    return row


def is_open(row: PolicyDraft) -> bool:
    """Say whether something can still be done with the draft."""
    return row.state in {state.value for state in OPEN_DRAFTS}


def list_due_drafts(*, now: datetime) -> list[tuple[uuid.UUID, Environment, uuid.UUID]]:
    """Return organization, environment and id of every draft whose moment to be published has come."""
    rows = PolicyDraft.objects.across_organizations(reason="the worker publishes what every organization scheduled")
    due = rows.filter(state=DraftState.SCHEDULED.value, publish_at__lte=now).order_by("publish_at", "id")
    ids = due.values_list("organization_id", "environment", "id")
    return [(organization_id, Environment(environment), draft_id) for organization_id, environment, draft_id in ids]


@service
def publish_scheduled(*, actor: Actor, draft_id: uuid.UUID, now: datetime) -> PolicyDraft:
    """Publish a draft whose moment has come; one that is refused is STALE, so that nobody tries it again and again.

    Most are refused as another version came first; whoever proposes it again reads why.
    """
    row = lock_draft(actor, draft_id, states=frozenset({DraftState.SCHEDULED}))
    return _publish(actor, row, now, is_patient=True)


def lock_draft(actor: Actor, draft_id: uuid.UUID, *, states: frozenset[DraftState]) -> PolicyDraft:
    """Return the draft, locked; raises DraftNotFound, or DraftNotOpen when it is in none of the states."""
    rows = PolicyDraft.objects.for_organization(actor.organization_id, actor.environment)
    row = rows.select_for_update(of=("self",)).filter(id=draft_id).first()
    if row is None:
        raise DraftNotFound
    if row.state not in {state.value for state in states}:
        raise DraftNotOpen(details={"state": row.state})
    return row


def _bring_in(actor: Actor, row: PolicyDraft, now: datetime) -> PolicyDraft:
    """Publish, or wait for the moment that was chosen."""
    if row.publish_at is None or row.publish_at <= now:
        return _publish(actor, row, now)
    row.state = DraftState.SCHEDULED.value
    _save(row, now, "state")
    _record(actor, row, "policy_draft.scheduled", now, {"publish_at": row.publish_at.isoformat()})
    return row


def _publish(actor: Actor, row: PolicyDraft, now: datetime, *, is_patient: bool = False) -> PolicyDraft:
    try:
        policy = publish_policy(
            actor=actor,
            document=row.document,
            base_version=row.base_version,
            reason=row.reason,
            approved_by=row.approved_by_id,
            now=now,
        )
    except AppError:
        if not is_patient:
            raise
        row.state = DraftState.STALE.value
        _save(row, now, "state")
        _record(actor, row, "policy_draft.overtaken", now)
        return row
    row.state, row.published_version = DraftState.PUBLISHED.value, policy.version
    _save(row, now, "state", "published_version")
    return row


def needs_second_person(*, actor: Actor, impact: Impact) -> bool:
    """Say whether somebody else must agree to what the actor proposes."""
    limit = read_policy_settings(**actor.scope).second_person_percent
    return not actor.can(WRITE) or (limit is not None and impact.percent >= limit)


def _require_right(actor: Actor) -> None:
    """Let in who may publish, and analysts where they are heard."""
    if not actor.can(WRITE) and not read_policy_settings(**actor.scope).are_analysts_heard:
        raise AnalystsNotHeard


def _require_revision(row: PolicyDraft, revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise DraftChanged(details={"revision": row.revision})


def _require_later(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is not None and moment <= now:
        raise ValidationFailed.of_field("publish_at", "must be in the future")
    return moment


def _name_author(actor: Actor, row: PolicyDraft) -> None:
    if actor.id is not None and actor.id not in row.changed_by:
        row.changed_by = [*row.changed_by, actor.id]


def _require_title(title: str) -> str:
    said = title.strip()
    if not said or len(said) > MAXIMUM_TITLE_LENGTH or not said.isprintable():
        raise ValidationFailed.of_field("title", f"must be text of 1 to {MAXIMUM_TITLE_LENGTH} characters")
    return said


def _save(row: PolicyDraft, now: datetime, *fields: str) -> None:
    row.revision, row.updated_at = row.revision + 1, now
    row.save(update_fields=[*fields, "revision", "updated_at"])


def _record(actor: Actor, row: PolicyDraft, kind: str, now: datetime, payload: dict[str, Any] | None = None) -> None:
    record(
        actor=actor,
        kind=kind,
        subject_type="policy_draft",
        subject_id=str(row.id),
        payload={"base_version": row.base_version, **(payload or {})},
        personal={"title": row.title},
        now=now,
    )
