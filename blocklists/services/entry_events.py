"""What the audit trail learns of an entry: which fields changed, from what to what."""

from datetime import datetime
from enum import StrEnum

from blocklists.models import BlocklistEntry
from core.actor import Actor
from events.services.record import record

type Snapshot = dict[str, object]

_PERSONAL = frozenset({"reason"})  # free words about somebody, like the value itself


class EntryEvent(StrEnum):
    ADDED = "blocklist_entry.added"
    CHANGED = "blocklist_entry.changed"
    REMOVED = "blocklist_entry.removed"


def take_snapshot(row: BlocklistEntry) -> Snapshot:
    """Return the fields that can change, as JSON knows them."""
    return {
        "flow_scope": str(row.flow_scope),
        "severity": str(row.severity),
        "reason": row.reason,
        "source": str(row.source),
        "case_id": str(row.case_id) if row.case_id else None,
        "is_active": row.is_active,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }


def record_entry_event(
    *, actor: Actor, event: EntryEvent, row: BlocklistEntry, before: Snapshot, after: Snapshot, now: datetime
) -> None:
    """Record the fields in which the snapshots differ; an empty one means that there was, or is, no entry.

    The value and the reason are personal: they can be erased and the trail still verifies.
    """
    changed = [name for name in before | after if before.get(name) != after.get(name) or not (before and after)]
    record(
        actor=actor,
        kind=event.value,
        subject_type="blocklist_entry",
        subject_id=str(row.id),
        payload={"list_type": str(row.list_type)} | _pick(before, after, [n for n in changed if n not in _PERSONAL]),
        personal={"value": row.value} | _pick(before, after, [n for n in changed if n in _PERSONAL]),
        now=now,
    )


def _pick(before: Snapshot, after: Snapshot, names: list[str]) -> Snapshot:
    """Return the named fields of both sides; a side without any is left out."""
    sides = {"before": before, "after": after}
    picked = {side: {n: fields[n] for n in names if n in fields} for side, fields in sides.items()}
    return {side: fields for side, fields in picked.items() if fields}
