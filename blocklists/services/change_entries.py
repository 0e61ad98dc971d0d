"""Changing many entries at once, and undoing it."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from blocklists.models import BlocklistBulkAct, BlocklistEntry
from blocklists.queries import lock_bulk_act, lock_entries, make_terms
from blocklists.rules.bulk import MOST_AT_ONCE, apply_order, can_undo
from blocklists.services.change_entry import require_right
from blocklists.services.entry_events import EntryEvent, record_entry_event, take_snapshot
from blocklists.services.expiry import require_future
from blocklists.types import BulkAct, BulkOrder
from core.actor import Actor
from core.errors import AppError, Forbidden, ValidationFailed
from core.unit_of_work import service

_FIELDS = ("severity", "is_active", "expires_at")


class UndoTooLate(AppError):
    """The ten minutes are over, or it was undone already."""

    status = 409
    code = "DUPLICATE"
    message = "This can no longer be undone."


@service
def change_entries(
    *, actor: Actor, entry_ids: Collection[uuid.UUID], order: BulkOrder, now: datetime
) -> BlocklistBulkAct:
    """Do the act to those of the entries that are there, all or none, and return what was kept to undo it by.

    Each entry that changes has an event of its own. Raises ValidationFailed (more than 1,000 entries, an end in the
    past), WeakeningForbidden when one of them would act less and the actor may not do that, and Forbidden for an actor
    who is no person.
    """
    if actor.id is None:
        raise Forbidden
    if len(entry_ids) > MOST_AT_ONCE:
        raise ValidationFailed.of_field("entries", f"may be at most {MOST_AT_ONCE} at once")
    if order.act is BulkAct.EXPIRY:
        require_future(order.expires_at, now=now)
    rows = lock_entries(**actor.scope, entry_ids=entry_ids)
    kept = {str(row.id): before for row in rows if (before := _change(row, order, actor=actor, now=now))}
    _save([row for row in rows if str(row.id) in kept], actor)
    return BlocklistBulkAct.objects.create(
        **actor.scope,
        act=order.act.value,
        entries=kept,
        unchanged=len(rows) - len(kept),
        created_by_id=actor.id,
        created_at=now,
    )


def _change(row: BlocklistEntry, order: BulkOrder, *, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Change the row and record it; return what it was before, None when it is no change."""
    terms = make_terms(row)
    after = apply_order(order, terms=terms, at=now)
    if after == terms:
        return None
    require_right(actor, before=terms, after=after)
    return _set(row, {name: getattr(after, name) for name in _FIELDS}, actor=actor, now=now)


def _set(row: BlocklistEntry, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    before = take_snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now
    record_entry_event(actor=actor, event=EntryEvent.CHANGED, row=row, before=before, after=take_snapshot(row), now=now)
    return {name: before[name] for name in _FIELDS}


def _save(rows: list[BlocklistEntry], actor: Actor) -> None:
    entries = BlocklistEntry.objects.for_organization(actor.organization_id, actor.environment)
    entries.bulk_update(rows, [*_FIELDS, "updated_at"], batch_size=MOST_AT_ONCE)


@service
def undo_changes(*, actor: Actor, act_id: uuid.UUID, now: datetime) -> BlocklistBulkAct:
    """Give the entries back what they had before the actor's own act of the last ten minutes, and return it.

    An entry that was changed or removed since is left as it is, and counted in `left`. Raises NotFound and UndoTooLate.
    """
    act = lock_bulk_act(**actor.scope, act_id=act_id, person_id=actor.id)
    if not can_undo(done_at=act.created_at, undone_at=act.undone_at, at=now):
        raise UndoTooLate
    rows = lock_entries(**actor.scope, entry_ids=[uuid.UUID(entry_id) for entry_id in act.entries])
    same = [row for row in rows if row.updated_at == act.created_at]
    for row in same:
        _set(row, _read_before(act.entries[str(row.id)]), actor=actor, now=now)
    _save(same, actor)
    act.undone_at, act.left = now, len(act.entries) - len(same)
    act.save(update_fields=["undone_at", "left"])
    return act


def _read_before(kept: Mapping[str, Any]) -> dict[str, Any]:
    end = kept["expires_at"]
    return {**kept, "expires_at": datetime.fromisoformat(end) if end else None}
