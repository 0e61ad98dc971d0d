"""One step of a job, and how far it came, in one transaction."""

from datetime import datetime

from django.db.models import QuerySet

from core.unit_of_work import service
from jobs.models import Job
from jobs.registry import find_kind
from jobs.rules.retries import find_wait
from jobs.services.claim_job import LEASE, make_running
from jobs.services.end_job import mark_cancelled, mark_done, mark_failed
from jobs.types import JobRefused, RunningJob, Step

_PROGRESS = ("done_count", "total_count", "cursor", "attempts", "heartbeat_at", "leased_until")


class LeaseLost(RuntimeError):
    """Another worker has the job, or it has ended: what this step did is undone with its transaction."""


@service
def run_step(*, job: RunningJob, now: datetime) -> RunningJob | None:
    """Take the job on by one step; return it for the next one, or None once it has ended.

    A cancel that was asked for before the step ends the job instead. Raises LeaseLost, JobRefused, and whatever the
    kind's runner raises; then nothing of the step has happened.
    """
    if _find_cancelled(job):
        mark_cancelled(_lock(job), now=now)
        return None
    kind = find_kind(job.kind)
    if kind is None:
        raise JobRefused("UNKNOWN_KIND")
    step = kind.run(job=job, now=now)
    # Not before: whoever cancels, and whoever renews the lease, must not wait for the step.
    return _note(step, _lock(job), now=now)


def _find_cancelled(job: RunningJob) -> bool:
    return _held(job).filter(cancel_requested_at__isnull=False).exists()


def _held(job: RunningJob) -> QuerySet[Job]:
    return Job.objects.for_organization(job.actor.organization_id, job.actor.environment).filter(
        id=job.id, lease=job.lease
    )


def _lock(job: RunningJob) -> Job:
    row = _held(job).select_for_update(of=("self",)).first()
    if row is None:
        raise LeaseLost
    return row


def _note(step: Step, row: Job, *, now: datetime) -> RunningJob | None:
    row.done_count, row.total_count = step.done, row.total_count if step.total is None else step.total
    row.cursor, row.attempts, row.heartbeat_at, row.leased_until = step.cursor or {}, 0, now, now + LEASE
    row.save(update_fields=_PROGRESS)
    if step.result is None:
        return make_running(row)
    mark_done(row, result=step.result, now=now)
    return None


@service
def refuse_job(*, job: RunningJob, code: str, now: datetime) -> None:
    """End the job, which can never be done. Raises LeaseLost."""
    mark_failed(_lock(job), code=code, now=now)


@service
def put_off_job(*, job: RunningJob, now: datetime) -> bool:
    """Have the job, whose step failed, tried again later, or give it up; return whether it is given up.

    One that was to be cancelled is cancelled. Raises LeaseLost.
    """
    row = _lock(job)
    row.attempts = max(row.attempts, 1)  # this one failed, if after steps that did not
    wait = find_wait(attempts=row.attempts)
    if row.cancel_requested_at is not None:
        mark_cancelled(row, now=now)
    elif wait is None:
        mark_failed(row, code="INTERNAL_ERROR", now=now)
        return True
    else:
        row.lease = row.leased_until = None
        row.not_before = now + wait
        row.save(update_fields=["attempts", "lease", "leased_until", "not_before"])
    return False
