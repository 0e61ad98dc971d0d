"""Confirming a draft: from here on a worker has it."""

import uuid
from datetime import datetime

import msgspec

from blocklists.import_queries import has_file, lock_batch, make_batch_facts
from blocklists.import_types import BatchFacts, BatchState, FixedTerms, ImportMode, Layout
from blocklists.services.expiry import require_future
from core.actor import Actor
from core.errors import Duplicate, ValidationFailed
from core.unit_of_work import service
from jobs.services.request_job import request_job

IMPORT_JOB = "blocklists.import"


class ImportStarted(Duplicate):
    message = "This import was confirmed already."


class FileLost(Duplicate):
    message = "The file of this import was lost with a crash of the database; send it again."


@service
def start_import(
    *, actor: Actor, batch_id: uuid.UUID, mode: ImportMode, layout: Layout, fixed: FixedTerms, now: datetime
) -> BatchFacts:
    """Have the draft imported so; `job_id` of the answer is the job that does it.

    Raises BatchNotFound, ImportStarted, FileLost and ValidationFailed (columns, expires_at).
    """
    row = lock_batch(**actor.scope, batch_id=batch_id)
    if row.state != BatchState.DRAFT:
        raise ImportStarted(details={"id": str(batch_id)})
    if not has_file(actor.scope, batch_id=batch_id):
        raise FileLost(details={"id": str(batch_id)})
    if "value" not in layout.columns and layout.kind == "csv":
        raise ValidationFailed.of_field("columns", "one column must be the value")
    require_future(fixed.expires_at, now=now)
    row.state, row.mode = BatchState.RUNNING.value, mode.value
    row.layout, row.fixed = msgspec.to_builtins(layout), msgspec.to_builtins(fixed)
    parameters = {"batch_id": str(batch_id), "mode": mode.value}
    row.job_id = request_job(actor=actor, kind=IMPORT_JOB, parameters=parameters, total=row.line_count, now=now).id
    row.save(update_fields=["state", "mode", "layout", "fixed", "job_id"])
    return make_batch_facts(row)
