"""Erases an event's personal data and the address it came from; its digest and the chain stay as they were."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.errors import NotFound
from core.unit_of_work import service
from events.models import Event, EventPersonalData
from events.queries import find_event
from events.services.record import record
from events.types import ErasureReason


class EventNotFound(NotFound):
    """The organization has no such event in this environment."""


@service
def erase_personal_data(*, actor: Actor, event_id: uuid.UUID, reason: ErasureReason, now: datetime) -> bool:
    """Delete the data, their salt and the address, and record that it was done; False when there are none (any more).

    Raises EventNotFound.
    """
    event = find_event(organization_id=actor.organization_id, environment=actor.environment, event_id=event_id)
    if event is None:
        raise EventNotFound
    if not _erase(actor, event_id):
        return False
    record(
        actor=actor,
        kind="personal_data.erased",
        subject_type="event",
        subject_id=str(event_id),
        payload={"reason": reason.value},
        now=now,
    )
    return True


def _erase(actor: Actor, event_id: uuid.UUID) -> bool:
    data = EventPersonalData.objects.for_organization(actor.organization_id, actor.environment)
    events = Event.objects.for_organization(actor.organization_id, actor.environment)
    erased = data.filter(event_id=event_id).delete()[0]
    return erased + events.filter(id=event_id, address__isnull=False).update(address=None) > 0
