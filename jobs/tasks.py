"""What the workers do for jobs: a turn at one of them, then whatever else waits gets its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery import shared_task
from django.conf import settings

from core.clock import read_clock, read_monotonic_ms
from core.unit_of_work import unit_of_work
from jobs.keeping import keeping
from jobs.pacing import pace
from jobs.services.claim_job import claim_job, release_job
from jobs.services.poke import poke_jobs
from jobs.services.run_step import LeaseLost, put_off_job, refuse_job, run_step
from jobs.types import JobRefused, RunningJob

TURN_MS = 20_000
"""After that the turn ends with the step that runs."""
TIME_LIMIT_SECONDS = 2 * 60 * 60
"""One step may take long: an import puts a million entries in force with one commit. Its lease is renewed for as long
as the process lives, so that this alone ends a step that hangs; then the lease runs out, and another worker tries."""

_log = structlog.get_logger(__name__)


@shared_task(name="jobs.tasks.run_jobs", expires=60, time_limit=TIME_LIMIT_SECONDS)
def run_jobs() -> None:
    """Take on the job whose turn it is, for a while; ask for the next turn when there may be more to do."""
    with unit_of_work():
        job = claim_job(at_once=settings.JOBS_AT_ONCE, now=read_clock())
    if job is not None:
        try:
            _take_turn(job)
        except LeaseLost:
            _log.warning("job_lease_lost", job_id=str(job.id), kind=job.kind)
        poke_jobs()


def _take_turn(job: RunningJob) -> None:
    """Raises LeaseLost."""
    end_ms = read_monotonic_ms() + TURN_MS
    going: RunningJob | None = _run_step(job)
    while going is not None and read_monotonic_ms() < end_ms:
        with pace():
            going = _run_step(going)
    if going is not None:
        with unit_of_work():
            release_job(job=going, now=read_clock())


def _run_step(job: RunningJob) -> RunningJob | None:
    try:
        with keeping(job), unit_of_work():
            return run_step(job=job, now=read_clock())
    except LeaseLost:
        raise
    except JobRefused as refusal:
        with _ending(job), unit_of_work():
            refuse_job(job=job, code=refusal.code, now=read_clock())
    except Exception as error:  # noqa: BLE001  a runner may raise anything; its text may hold what it works on
        _put_off(job, error)
    return None


def _put_off(job: RunningJob, error: Exception) -> None:
    is_given_up = False
    with _ending(job), unit_of_work():
        is_given_up = put_off_job(job=job, now=read_clock())
    _log.error(
        "job_given_up" if is_given_up else "job_step_failed",
        job_id=str(job.id),
        kind=job.kind,
        attempts=job.attempts,
        error=type(error).__name__,
    )


@contextmanager
def _ending(job: RunningJob) -> Iterator[None]:
    """Leave a job whose kind cannot clear up to its lease: whoever takes it up then tries again, and at last ends it.

    Raises LeaseLost.
    """
    try:
        yield
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001  its text may hold what the kind works on
        _log.error("job_not_ended", job_id=str(job.id), kind=job.kind, error=type(error).__name__)
