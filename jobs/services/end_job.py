"""How a job ends."""

from datetime import datetime

import structlog
from django.db import transaction

from jobs.models import Job
from jobs.queries import make_facts
from jobs.registry import find_kind
from jobs.services.job_events import JobEvent, make_job_actor, record_job_event
from jobs.types import JobState, Plain

_FIELDS = ("state", "result", "error_code", "cursor", "lease", "leased_until", "finished_at")

_log = structlog.get_logger(__name__)


def mark_done(row: Job, *, result: Plain, now: datetime) -> None:
    """Note what came of the locked job."""
    row.result = result
    _end(row, JobState.DONE, now=now)


def mark_failed(row: Job, *, code: str, now: datetime, is_forced: bool = False) -> None:
    """Note that the locked job cannot be done, and let its kind clear up; `is_forced` ends it even if that fails."""
    row.error_code = code
    _end(row, JobState.FAILED, now=now)
    _clear_up(row, now=now, is_forced=is_forced)


def mark_cancelled(row: Job, *, now: datetime, is_forced: bool = False) -> None:
    """Note that the locked job was given up, and let its kind clear up; `is_forced` ends it even if that fails."""
    _end(row, JobState.CANCELLED, now=now)
    _clear_up(row, now=now, is_forced=is_forced)


def _end(row: Job, state: JobState, *, now: datetime) -> None:
    row.state, row.finished_at, row.cursor = state.value, now, {}
    row.lease = row.leased_until = None
    row.save(update_fields=_FIELDS)
    record_job_event(actor=make_job_actor(row), event=JobEvent.FINISHED, row=row, now=now)


def _clear_up(row: Job, *, now: datetime, is_forced: bool) -> None:
    kind = find_kind(row.kind)
    if kind is None or kind.on_failure is None:
        return
    try:
        with transaction.atomic():  # what fails in it must not undo that the job ended
            kind.on_failure(job=make_facts(row), now=now)
    except Exception as error:
        if not is_forced:
            raise
        # Its text may hold what the kind works on.
        _log.error("job_not_cleared_up", job_id=str(row.id), kind=row.kind, error=type(error).__name__)
