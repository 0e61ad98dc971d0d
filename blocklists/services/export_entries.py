"""Takes entries of the lists out as a file."""

from datetime import datetime

from blocklists.types import EntryFilter
from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record

WHOLE = "personal_data:read"
_FILTERS = ("list_type", "severity", "source", "flow_scope", "state")


@service
def export_entries(*, actor: Actor, wanted: EntryFilter, now: datetime) -> bool:
    """Record who takes out what, before the first line leaves, and return whether values must be masked.

    What was searched for may be personal, and is kept as such.
    """
    is_masked = not actor.can(WHOLE)
    filters = {name: str(given) for name in _FILTERS if (given := getattr(wanted, name)) is not None}
    record(
        actor=actor,
        kind="blocklist.exported",
        subject_type="blocklist",
        subject_id=str(actor.organization_id),
        payload={"format": "csv", "is_masked": is_masked, "filters": filters},
        personal={"search": wanted.search} if wanted.search else None,
        now=now,
    )
    return is_masked
