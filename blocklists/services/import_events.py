"""What the audit trail learns of an import: one event for a whole file. Each entry names the import that it is of."""

from datetime import datetime
from typing import Any

import msgspec

from blocklists.import_types import Counts, UndoCounts
from blocklists.models import ImportBatch
from core.actor import Actor
from events.services.record import record


def record_applied(*, actor: Actor, row: ImportBatch, counts: Counts, now: datetime) -> None:
    """Record that the file's entries are in force, with what tells the file from every other."""
    file = {"file_sha256": row.file_sha256, "file_bytes": row.file_bytes}
    terms = {"list_type": row.fixed.get("list_type"), "severity": row.fixed.get("severity"), "mode": row.mode}
    payload = terms | msgspec.to_builtins(counts) | file
    # Names of files and reasons are free words, perhaps about somebody.
    personal = {"file_name": row.file_name, "reason": row.fixed.get("reason", "")}
    _record("blocklist_import.applied", actor=actor, row=row, payload=payload, personal=personal, now=now)


def record_undone(*, actor: Actor, row: ImportBatch, counts: UndoCounts, now: datetime) -> None:
    """Record that what the import had put in force is as it was before."""
    payload = msgspec.to_builtins(counts)
    _record("blocklist_import.undone", actor=actor, row=row, payload=payload, personal=None, now=now)


def _record(
    kind: str,
    *,
    actor: Actor,
    row: ImportBatch,
    payload: dict[str, Any],
    personal: dict[str, Any] | None,
    now: datetime,
) -> None:
    record(
        actor=actor,
        kind=kind,
        subject_type="import_batch",
        subject_id=str(row.id),
        payload=payload,
        personal=personal,
        now=now,
    )
