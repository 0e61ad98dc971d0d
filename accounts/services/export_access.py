"""Takes out who has access, for a review."""

from datetime import datetime

from accounts.team import list_present
from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record


@service
def export_access(*, actor: Actor, now: datetime) -> int:
    """Record that the list is taken out, and return how many people are on it."""
    people = list_present(actor.organization_id).count()
    record(
        actor=actor,
        kind="team.exported",
        subject_type="organization",
        subject_id=str(actor.organization_id),
        payload={"people": people},
        now=now,
    )
    return people
