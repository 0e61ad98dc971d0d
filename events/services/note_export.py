"""Records that a part of the audit trail is taken out as a file."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record
from events.trail import TrailFilter


@service
def note_export(*, actor: Actor, wanted: TrailFilter, file_format: str, now: datetime) -> uuid.UUID:
    """Record who takes out what, before the first line leaves, and return the event's id."""
    filters = {
        "environments": [environment.value for environment in wanted.environments],
        "kind": wanted.kind,
        "actor_id": str(wanted.actor_id) if wanted.actor_id else None,
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
    }
    return record(
        actor=actor,
        kind="audit.exported",
        subject_type="trail",
        subject_id=str(actor.organization_id),
        payload={"format": file_format, "filters": {name: value for name, value in filters.items() if value}},
        personal={"text": wanted.text} if wanted.text else None,
        now=now,
    )
