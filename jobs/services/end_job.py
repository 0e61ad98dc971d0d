"""How a job ends."""

from datetime import datetime

from jobs.models import Job
from jobs.queries import make_facts
from jobs.registry import find_kind
from jobs.services.job_events import JobEvent, make_job_actor, record_job_event
from jobs.types import JobState, Plain

_FIELDS = ("state", "result", "error_code", "cursor", "lease", "leased_until", "finished_at")


def mark_done(row: Job, *, result: Plain, now: datetime) -> None:
    """Note what came of the locked job."""
    row.result = result
    _end(row, JobState.DONE, now=now)


def mark_failed(row: Job, *, code: str, now: datetime) -> None:
    """Note that the locked job cannot be done, and let its kind clear up."""
    row.error_code = code
    _end(row, JobState.FAILED, now=now)
    _clear_up(row, now=now)


def mark_cancelled(row: Job, *, now: datetime) -> None:
    """Note that the locked job was given up, and let its kind clear up."""
    _end(row, JobState.CANCELLED, now=now)
    _clear_up(row, now=now)


def _end(row: Job, state: JobState, *, now: datetime) -> None:
    row.state, row.finished_at, row.cursor = state.value, now, {}
    row.lease = row.leased_until = None
    row.save(update_fields=_FIELDS)
    record_job_event(actor=make_job_actor(row), event=JobEvent.FINISHED, row=row, now=now)


def _clear_up(row: Job, *, now: datetime) -> None:
    kind = find_kind(row.kind)
    if kind is not None and kind.on_failure is not None:
        kind.on_failure(job=make_facts(row), now=now)
