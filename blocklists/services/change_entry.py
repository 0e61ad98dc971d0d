"""Changing how an entry acts."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from msgspec import UNSET
from msgspec.structs import asdict

from blocklists.models import BlocklistEntry
from blocklists.queries import find_twin, lock_entry, make_facts, make_terms
from blocklists.rules.reasons import normalize_reason
from blocklists.rules.strength import list_weakened_fields
from blocklists.services.entry_events import EntryEvent, record_entry_event, take_snapshot
from blocklists.services.errors import DuplicateEntry, EntryChanged
from blocklists.services.expiry import require_future
from blocklists.types import EntryChanges, EntryFacts, EntryTerms, FlowScope
from core.actor import Actor
from core.errors import Forbidden
from core.unit_of_work import service

WEAKEN = "blocklists:weaken"


class WeakeningForbidden(Forbidden):
    message = "Making an entry act less needs an administrator or a compliance officer."


@service
def change_entry(
    *, actor: Actor, entry_id: uuid.UUID, changes: EntryChanges, seen: datetime | None = None, now: datetime
) -> EntryFacts:
    """Change the entry of the actor's organization and environment; what does not differ is no change.

    `seen`, when given, is the `updated_at` of the entry that the actor read. Raises EntryNotFound, EntryChanged,
    WeakeningForbidden, ValidationFailed (expires_at in the past) and DuplicateEntry.
    """
    row = lock_entry(organization_id=actor.organization_id, environment=actor.environment, entry_id=entry_id)
    changed = _list_changed(row, changes)
    if not changed:
        return make_facts(row)
    if seen is not None and seen != row.updated_at:
        raise EntryChanged.of_row(row, changed)
    before, terms = take_snapshot(row), make_terms(row)
    _apply(row, changed, now=now)
    require_right(actor, before=terms, after=make_terms(row))
    if "expires_at" in changed:
        row.expires_at = require_future(row.expires_at, now=now)
    _save(row, fields=[*changed, "updated_at"])
    record_entry_event(actor=actor, event=EntryEvent.CHANGED, row=row, before=before, after=take_snapshot(row), now=now)
    return make_facts(row)


def _list_changed(row: BlocklistEntry, changes: EntryChanges) -> dict[str, Any]:
    """Return what is given and differs; reasons of the same words do not, however their lines end."""
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    held = {name: getattr(row, name) for name in given}
    if "reason" in given:
        given["reason"], held["reason"] = normalize_reason(given["reason"]), normalize_reason(held["reason"])
    return {name: value for name, value in given.items() if value != held[name]}


def _apply(row: BlocklistEntry, changed: dict[str, object], *, now: datetime) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    row.updated_at = now


def require_right(actor: Actor, *, before: EntryTerms, after: EntryTerms) -> None:
    """Raise WeakeningForbidden unless the entry acts no less than before, or the actor may make it."""
    weakened = list_weakened_fields(before=before, after=after)
    if weakened and not actor.can(WEAKEN):
        raise WeakeningForbidden(details={"permission": WEAKEN, "weakened": list(weakened)})


def _save(row: BlocklistEntry, *, fields: list[str]) -> None:
    """Save the fields; raises DuplicateEntry when another entry stands where this one would go."""
    twin = find_twin(row, flow_scope=FlowScope(row.flow_scope)) if "flow_scope" in fields else None
    if twin is not None:
        raise DuplicateEntry(twin.id)
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError:  # a twin that was committed since the look above
        twin = find_twin(row, flow_scope=FlowScope(row.flow_scope))
        if twin is None:
            raise
        raise DuplicateEntry(twin.id) from None
