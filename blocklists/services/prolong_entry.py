"""Letting an entry act for another while."""

import uuid
from datetime import datetime

from blocklists.queries import get_entry
from blocklists.rules.review import prolong
from blocklists.services.change_entry import change_entry
from blocklists.types import EntryChanges, EntryFacts
from core.actor import Actor
from core.unit_of_work import service


@service
def prolong_entry(*, actor: Actor, entry_id: uuid.UUID, seen: datetime | None, now: datetime) -> EntryFacts:
    """Move the end of the entry on by 90 days, from now when it is over; one without an end stays so.

    `seen` is the `updated_at` of the entry that the actor read. Raises EntryNotFound and EntryChanged.
    """
    entry = get_entry(**actor.scope, entry_id=entry_id)
    changes = EntryChanges(expires_at=prolong(entry.expires_at, at=now))
    return change_entry(actor=actor, entry_id=entry_id, changes=changes, seen=seen, now=now)
