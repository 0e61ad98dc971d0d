"""Asking for a long piece of work to be done by a worker."""

from datetime import datetime

from core.actor import Actor
from core.ids import make_uuid7
from core.unit_of_work import after_commit, service
from jobs.models import Job
from jobs.queries import make_facts
from jobs.registry import find_kind
from jobs.services.job_events import JobEvent, record_job_event
from jobs.services.poke import poke_jobs
from jobs.types import JobFacts, JobState, Plain


class UnknownJobKind(ValueError):
    """No app has registered a kind of that name."""


@service
def request_job(*, actor: Actor, kind: str, parameters: Plain, total: int | None = None, now: datetime) -> JobFacts:
    """Queue a job in the actor's organization and environment; a worker takes it on after the commit.

    `parameters` hold no personal data. Raises UnknownJobKind.
    """
    if find_kind(kind) is None:
        raise UnknownJobKind(kind)
    row = Job.objects.create(
        id=make_uuid7(at=now),
        organization_id=actor.organization_id,
        environment=actor.environment,
        kind=kind,
        state=JobState.QUEUED.value,
        parameters=parameters,
        total_count=total,
        requested_by=actor.id,
        actor_kind=actor.kind.value,
        actor_name=actor.name,
        not_before=now,
        created_at=now,
    )
    record_job_event(actor=actor, event=JobEvent.REQUESTED, row=row, now=now)
    after_commit(poke_jobs)
    return make_facts(row)
