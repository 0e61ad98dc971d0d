"""Taking a job, and keeping it: a lease that its worker renews, so that a worker's end loses nothing."""

import uuid
from datetime import datetime, timedelta

from django.db.models import F, Q

from core.sql import Statement, run_statement
from core.unit_of_work import service
from jobs.models import Job
from jobs.registry import find_kind
from jobs.rules.retries import MOST_ATTEMPTS
from jobs.services.end_job import mark_cancelled, mark_failed
from jobs.services.job_events import make_job_actor
from jobs.types import UNENDED, JobState, RunningJob

LEASE = timedelta(seconds=45)
"""Renewed every few seconds while a step runs: that long after a worker was killed, another takes its job up."""
_TURN = 0x6A6F6273  # "jobs": two workers do not count at the same time how many jobs run


@service
def claim_job(*, at_once: int, now: datetime) -> RunningJob | None:
    """Take the job that has waited longest for its turn; None when none waits, or when `at_once` of them run already.

    Jobs that cannot go on (cancelled meanwhile, given up too often, of a kind that no app has) end here instead, even
    where their kind cannot clear up: none keeps the others from their turn.
    """
    run_statement(Statement("SELECT pg_advisory_xact_lock(%(turn)s)", {"turn": _TURN}))
    jobs = Job.objects.across_organizations(reason="any worker takes on any organization's job").filter(
        state__in=UNENDED
    )
    if jobs.filter(leased_until__gt=now).count() >= at_once:
        return None
    free = jobs.filter(Q(leased_until=None) | Q(leased_until__lte=now), not_before__lte=now)
    oldest = F("heartbeat_at").asc(nulls_first=True)
    for row in free.select_for_update(skip_locked=True, of=("self",)).order_by(oldest, "id")[: at_once + MOST_ATTEMPTS]:
        if not _end_if_hopeless(row, now=now):
            return _take(row, now=now)
    return None


def _end_if_hopeless(row: Job, *, now: datetime) -> bool:
    if row.cancel_requested_at is not None:
        mark_cancelled(row, now=now, is_forced=True)
    elif find_kind(row.kind) is None:
        mark_failed(row, code="UNKNOWN_KIND", now=now, is_forced=True)
    elif row.attempts >= MOST_ATTEMPTS:
        mark_failed(row, code="WORKER_LOST", now=now, is_forced=True)
    return JobState(row.state).is_ended


def _take(row: Job, *, now: datetime) -> RunningJob:
    row.state, row.attempts, row.heartbeat_at = JobState.RUNNING.value, row.attempts + 1, now
    row.started_at = row.started_at or now
    row.lease, row.leased_until = uuid.uuid4(), now + LEASE
    row.save(update_fields=["state", "attempts", "heartbeat_at", "started_at", "lease", "leased_until"])
    return make_running(row)


def make_running(row: Job) -> RunningJob:
    """Return the leased job as its runner is given it."""
    return RunningJob(
        id=row.id,
        kind=row.kind,
        actor=make_job_actor(row),
        parameters=row.parameters,
        cursor=row.cursor,
        done_count=row.done_count,
        total_count=row.total_count,
        attempts=row.attempts,
        lease=row.lease or uuid.UUID(int=0),
    )


@service
def renew_lease(*, job: RunningJob, now: datetime) -> bool:
    """Keep the job for another while; return whether it should be stopped: cancelled, or lost to another worker."""
    held = Job.objects.for_organization(job.actor.organization_id, job.actor.environment).filter(lease=job.lease)
    come = {} if job.progress.done is None else {"done_count": job.progress.done}
    if not held.update(leased_until=now + LEASE, heartbeat_at=now, **come):
        return True
    return held.filter(cancel_requested_at__isnull=False).exists()


@service
def release_job(*, job: RunningJob, now: datetime) -> None:
    """Put the job back after its turn, for any worker to go on with."""
    held = Job.objects.for_organization(job.actor.organization_id, job.actor.environment).filter(lease=job.lease)
    held.update(lease=None, leased_until=None, heartbeat_at=now)
