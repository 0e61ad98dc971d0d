"""Taking an entry off the lists for good."""

import uuid
from datetime import datetime

from blocklists.queries import lock_entry
from blocklists.services.entry_events import EntryEvent, record_entry_event, take_snapshot
from core.actor import Actor
from core.unit_of_work import service


@service
def remove_entry(*, actor: Actor, entry_id: uuid.UUID, now: datetime) -> None:
    """Delete the entry of the actor's organization and environment; its hits stay facts of their payments.

    Raises EntryNotFound.
    """
    row = lock_entry(organization_id=actor.organization_id, environment=actor.environment, entry_id=entry_id)
    record_entry_event(actor=actor, event=EntryEvent.REMOVED, row=row, before=take_snapshot(row), after={}, now=now)
    row.delete()
