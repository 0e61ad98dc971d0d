"""Reads of jobs."""

import uuid

from core.environments import Environment
from core.errors import NotFound
from jobs.models import Job
from jobs.types import JobFacts, JobState


class JobNotFound(NotFound):
    message = "There is no such job."


def get_job(*, organization_id: uuid.UUID, environment: Environment, job_id: uuid.UUID) -> JobFacts:
    """Return the job; raises JobNotFound."""
    row = Job.objects.for_organization(organization_id, environment).filter(id=job_id).first()
    if row is None:
        raise JobNotFound
    return make_facts(row)


def lock_job(*, organization_id: uuid.UUID, environment: Environment, job_id: uuid.UUID) -> Job:
    """Return the job, locked until the end of the transaction; raises JobNotFound."""
    rows = Job.objects.for_organization(organization_id, environment).filter(id=job_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise JobNotFound
    return row


def make_facts(row: Job) -> JobFacts:
    """Return the row as others see it."""
    return JobFacts(
        id=row.id,
        organization_id=row.organization_id,
        environment=Environment(row.environment),
        kind=row.kind,
        state=JobState(row.state),
        parameters=row.parameters,
        done_count=row.done_count,
        total_count=row.total_count,
        result=row.result,
        error_code=row.error_code,
        requested_by=row.requested_by,
        actor_name=row.actor_name,
        attempts=row.attempts,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        heartbeat_at=row.heartbeat_at,
        cancel_requested_at=row.cancel_requested_at,
    )
