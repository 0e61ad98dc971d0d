"""What the audit trail learns of a job."""

from datetime import datetime
from enum import StrEnum

from core.actor import Actor, ActorKind
from core.environments import Environment
from events.services.record import record
from jobs.models import Job


class JobEvent(StrEnum):
    REQUESTED = "job.requested"
    FINISHED = "job.finished"
    CANCELLED = "job.cancelled"


def record_job_event(*, actor: Actor, event: JobEvent, row: Job, now: datetime) -> None:
    """Record what became of the job; its parameters and its result are the kind's own to record."""
    payload: dict[str, object] = {"job_kind": row.kind, "state": row.state}
    if event is not JobEvent.REQUESTED:
        payload |= {"done_count": row.done_count}
    if row.error_code:
        payload |= {"error_code": row.error_code}
    record(actor=actor, kind=event.value, subject_type="job", subject_id=str(row.id), payload=payload, now=now)


def make_job_actor(row: Job) -> Actor:
    """Return whoever asked for the job, as they are named in the audit trail, without permissions."""
    return Actor(
        organization_id=row.organization_id,
        environment=Environment(row.environment),
        kind=ActorKind(row.actor_kind),
        id=row.requested_by,
        name=row.actor_name,
    )
