"""Undoing a whole import: what it added goes, what it put back in force is as it was before."""

import uuid
from datetime import datetime, timedelta

import msgspec

from blocklists.import_queries import lock_batch, make_batch_facts, make_scope, may_undo
from blocklists.import_types import BatchFacts, BatchState, UndoCounts
from blocklists.models import ImportBatch, ImportFormer
from blocklists.services.import_events import record_undone
from blocklists.staging import count_left, list_of_batch, restore, take_out, take_turn
from core.actor import Actor
from core.errors import Duplicate, Forbidden
from core.unit_of_work import service
from jobs.pacing import pace
from jobs.services.request_job import request_job
from jobs.types import JobFacts, JobRefused, RunningJob, Step

UNDO_JOB = "blocklists.undo_import"
PORTION = 5_000
_FIRST = uuid.UUID(int=0)


class NothingToUndo(Duplicate):
    message = "This import is not in force, so there is nothing to undo."


class UndoForbidden(Forbidden):
    message = "Undoing an import needs the right to delete entries, or to have imported it in the last 30 minutes."


@service
def request_undo(*, actor: Actor, batch_id: uuid.UUID, now: datetime) -> BatchFacts:
    """Have the import undone by a worker; `undo_job_id` of the answer is the job that does it.

    Asked twice, it is the same job. Raises BatchNotFound, NothingToUndo, UndoForbidden.
    """
    row = lock_batch(**actor.scope, batch_id=batch_id)
    batch = make_batch_facts(row)
    if not may_undo(actor, batch, age=now - batch.applied_at if batch.applied_at else timedelta()):
        raise UndoForbidden(details={"permission": "blocklists:delete"})
    if batch.state is BatchState.UNDOING:
        return batch
    if not batch.can_be_undone:
        raise NothingToUndo(details={"state": batch.state.value})
    total = batch.counts.added + batch.counts.reactivated
    row.state = BatchState.UNDOING.value
    row.undo_job_id = request_job(
        actor=actor, kind=UNDO_JOB, parameters={"batch_id": str(batch_id)}, total=total, now=now
    ).id
    row.save(update_fields=["state", "undo_job_id"])
    return make_batch_facts(row)


@service
def run_undo(*, job: RunningJob, now: datetime) -> Step:
    """Undo the import in this one transaction, a portion at a time. Raises JobRefused."""
    row = lock_batch(**job.actor.scope, batch_id=uuid.UUID(job.parameters["batch_id"]))
    if row.state != BatchState.UNDOING or row.applied_at is None:
        raise JobRefused("NOT_RUNNING")
    scope = make_scope(row)
    take_turn(scope)
    restored = restore(scope, batch_id=row.id, at=row.applied_at, now=now)
    removed = _take_out(row, job, at=row.applied_at)
    counts = UndoCounts(removed=removed, restored=restored, kept=count_left(scope, batch_id=row.id))
    row.state, row.undone_at, row.undo_counts = BatchState.UNDONE.value, now, msgspec.to_builtins(counts)
    row.save(update_fields=["state", "undone_at", "undo_counts"])
    ImportFormer.objects.for_organization(**scope).filter(batch_id=row.id).delete()
    record_undone(actor=job.actor, row=row, counts=counts, now=now)
    return Step(done=max(job.total_count or 0, 1), result=row.undo_counts | {"batch_id": str(row.id)})


def _take_out(row: ImportBatch, job: RunningJob, *, at: datetime) -> int:
    scope, after, removed, seen = make_scope(row), _FIRST, 0, 0
    while ids := list_of_batch(scope, batch_id=row.id, after=after, limit=PORTION):
        with pace():
            removed += take_out(scope, batch_id=row.id, after=after, until=ids[-1], at=at)
        after, seen = ids[-1], seen + len(ids)
        job.progress.done = seen
    return removed


def end_undo(*, job: JobFacts, now: datetime) -> None:
    """Note that the undoing failed or was cancelled: the import is in force as before."""
    batch_id = uuid.UUID(job.parameters["batch_id"])
    row = lock_batch(organization_id=job.organization_id, environment=job.environment, batch_id=batch_id)
    row.state = BatchState.DONE.value
    row.save(update_fields=["state"])
