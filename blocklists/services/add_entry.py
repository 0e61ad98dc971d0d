"""Putting a value on a list."""

import uuid
from datetime import datetime

from blocklists.kinds.table import normalize
from blocklists.models import BlocklistEntry
from blocklists.queries import lock_twin, make_facts
from blocklists.rules.reasons import normalize_reason
from blocklists.rules.strength import is_in_force
from blocklists.services.entry_events import EntryEvent, record_entry_event, take_snapshot
from blocklists.services.errors import DuplicateEntry
from blocklists.services.expiry import require_future
from blocklists.types import EntryFacts, ListType, NewEntry
from core.actor import Actor, ActorKind
from core.environments import Environment
from core.errors import ServiceUnavailable, ValidationFailed
from core.identifiers.errors import InvalidIdentifier
from core.unit_of_work import service

CLAIM_TRIES = 3


@service
def add_entry(*, actor: Actor, entry: NewEntry, now: datetime) -> EntryFacts:
    """Add the entry in the actor's organization and environment, or reactivate the one that is no longer in force.

    A reactivated entry keeps its id, creator and creation time and takes everything else from the new one. Raises
    ValidationFailed (value, expires_at) and DuplicateEntry, before which nothing was written.
    """
    row = _make_row(actor=actor, entry=entry, now=now)
    held = _claim(row)
    if held.id == row.id:
        record_entry_event(actor=actor, event=EntryEvent.ADDED, row=row, before={}, after=take_snapshot(row), now=now)
        return make_facts(row)
    if is_in_force(is_active=held.is_active, expires_at=held.expires_at, at=now):
        raise DuplicateEntry(held.id)
    return _reactivate(held, wanted=row, actor=actor, now=now)


def _make_row(*, actor: Actor, entry: NewEntry, now: datetime) -> BlocklistEntry:
    return BlocklistEntry(
        id=uuid.uuid4(),
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        list_type=entry.list_type.value,
        value=_normalize(entry.list_type, entry.value),
        flow_scope=entry.scope.value,
        severity=entry.severity.value,
        reason=normalize_reason(entry.reason),
        source=entry.source.value,
        case_id=entry.case_id,
        is_active=True,
        expires_at=require_future(entry.expires_at, now=now),
        created_by_id=actor.id if actor.kind is ActorKind.USER else None,
        created_at=now,
        updated_at=now,
    )


def _normalize(list_type: ListType, value: str) -> str:
    try:
        return normalize(list_type, value)
    except InvalidIdentifier as error:
        raise ValidationFailed.of_field("value", str(error)) from None


def _claim(row: BlocklistEntry) -> BlocklistEntry:
    """Insert the row unless its place is taken, and return, locked, whichever entry has the place now.

    A conflict is no error for PostgreSQL, so its log never shows the value, and a concurrent twin waits for the other
    one's commit. The entry in the way may be deleted in between: hence the tries.
    """
    rows = BlocklistEntry.objects.for_organization(row.organization_id, Environment(row.environment))
    for _ in range(CLAIM_TRIES):
        rows.bulk_create([row], ignore_conflicts=True)
        held = lock_twin(row)
        if held is not None:
            return held
    raise ServiceUnavailable


def _reactivate(held: BlocklistEntry, *, wanted: BlocklistEntry, actor: Actor, now: datetime) -> EntryFacts:
    before = take_snapshot(held)
    fields = ["severity", "reason", "source", "case_id", "is_active", "expires_at", "updated_at"]
    for field in fields:
        setattr(held, field, getattr(wanted, field))
    held.save(update_fields=fields)
    record_entry_event(
        actor=actor, event=EntryEvent.CHANGED, row=held, before=before, after=take_snapshot(held), now=now
    )
    return make_facts(held)
