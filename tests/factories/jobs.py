"""Jobs for tests, of a kind that counts to its total, three at a time."""

import uuid
from datetime import datetime
from typing import Any

from accounts.models import Organization
from core.actor import ActorKind
from core.clock import read_clock
from core.environments import Environment
from core.ids import make_uuid7
from jobs.models import Job
from jobs.registry import JobKind, find_kind, register_kind
from jobs.types import JobFacts, JobRefused, JobState, RunningJob, Step

COUNTING = "tests.counting"
AT_ONCE = 3
ended: list[JobFacts] = []
"""What the kind was told of; empty it before use."""


def count_on(*, job: RunningJob, now: datetime) -> Step:
    """Count three more. `fails_at` in the parameters raises there, `refuses_at` says that it can never be done."""
    done = min(job.done_count + AT_ONCE, job.total_count or 0)
    if job.parameters.get("refuses_at") == job.done_count:
        raise JobRefused("TOO_FAR")
    if job.parameters.get("fails_at") == job.done_count:
        raise RuntimeError("a name that must not be logged")
    seen = [*job.cursor.get("seen", []), done]
    return Step(done=done, cursor={"seen": seen}, result={"seen": seen} if done == job.total_count else None)


def _note_ending(*, job: JobFacts, now: datetime) -> None:
    ended.append(job)


if find_kind(COUNTING) is None:
    register_kind(
        JobKind(
            name=COUNTING,
            permission="blocklists:add",
            label="Cuenta de prueba",
            unit="filas",
            run=count_on,
            on_failure=_note_ending,
            find_link=lambda job: f"/counted/{job.done_count}",
            failures={"TOO_FAR": "No se cuenta tan lejos."},
        )
    )


def make_job(*, organization: Organization, **fields: Any) -> Job:
    """Insert a queued job of the sandbox that counts to seven, asked for by nobody known."""
    now = fields.get("created_at") or read_clock()
    given: dict[str, Any] = {
        "id": make_uuid7(at=now),
        "environment": Environment.SANDBOX,
        "kind": COUNTING,
        "state": JobState.QUEUED.value,
        "total_count": 7,
        "requested_by": uuid.uuid4(),
        "actor_kind": ActorKind.USER.value,
        "actor_name": "admin",
        "not_before": now,
        "created_at": now,
    }
    return Job.objects.create(organization_id=organization.id, **(given | fields))
