"""The JSON of a job."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from core.api.responses import format_time
from jobs.rules.time_left import estimate_time_left
from jobs.types import JobFacts, JobState

type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class JobBody(msgspec.Struct, frozen=True, kw_only=True):
    """A job. `total` null is not known yet; `result` is the kind's own, empty until it is done."""

    id: uuid.UUID
    kind: str
    state: JobState
    done: int
    total: int | None
    seconds_left: int | None
    parameters: dict[str, Any]
    result: dict[str, Any]
    error_code: str | None
    requested_by: uuid.UUID | None
    created_at: Time
    started_at: Time | None
    finished_at: Time | None
    cancel_requested_at: Time | None


def make_job_body(job: JobFacts, *, now: datetime) -> JobBody:
    """Return the job as the API shows it."""
    left = estimate_time_left(job, now=now)
    return JobBody(
        id=job.id,
        kind=job.kind,
        state=job.state,
        done=job.done_count,
        total=job.total_count,
        seconds_left=None if left is None else int(left.total_seconds()),
        parameters=job.parameters,
        result=job.result,
        error_code=job.error_code or None,
        requested_by=job.requested_by,
        created_at=format_time(job.created_at),
        started_at=format_time(job.started_at),
        finished_at=format_time(job.finished_at),
        cancel_requested_at=format_time(job.cancel_requested_at),
    )
