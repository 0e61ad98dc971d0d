"""Giving a job up."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import service
from jobs.queries import lock_job, make_facts
from jobs.services.end_job import mark_cancelled
from jobs.services.job_events import JobEvent, record_job_event
from jobs.types import JobFacts, JobState


@service
def cancel_job(*, actor: Actor, job_id: uuid.UUID, now: datetime) -> JobFacts:
    """Ask for the job to stop: one that no worker has ends here, a running one before its next step.

    One that has ended stays as it is. Raises JobNotFound.
    """
    row = lock_job(**actor.scope, job_id=job_id)
    if JobState(row.state).is_ended or row.cancel_requested_at is not None:
        return make_facts(row)
    row.cancel_requested_at = now
    row.save(update_fields=["cancel_requested_at"])
    record_job_event(actor=actor, event=JobEvent.CANCELLED, row=row, now=now)
    if row.lease is None:
        mark_cancelled(row, now=now)
    return make_facts(row)
