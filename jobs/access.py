"""Who may see a job, and give it up."""

import uuid

from core.actor import Actor
from core.errors import Forbidden
from jobs.queries import JobNotFound, get_job
from jobs.registry import JobKind, find_kind
from jobs.types import JobFacts

SEE_JOBS = "blocklists:read"
"""What it takes for any job; its kind asks for more."""


def open_job(*, actor: Actor, job_id: uuid.UUID) -> tuple[JobFacts, JobKind]:
    """Return the job and its kind.

    Raises JobNotFound, also for a job of a kind that no app has any more, and Forbidden without the kind's permission.
    """
    job = get_job(**actor.scope, job_id=job_id)
    kind = find_kind(job.kind)
    if kind is None:
        raise JobNotFound
    if not actor.can(kind.permission):
        raise Forbidden(details={"permission": kind.permission})
    return job, kind
