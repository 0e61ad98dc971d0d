"""The JSON of an import."""

import uuid
from collections.abc import Iterable
from typing import Annotated

import msgspec
from django.conf import settings
from msgspec import Meta

from blocklists.import_types import MESSAGES, BatchFacts, BatchState, Counts, ImportMode, Refusal, UndoCounts
from core.api.responses import format_time

type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not valid, by its line in the file, from 1. What it says is not repeated."""

    row: int
    code: str
    message: str


class ImportBody(msgspec.Struct, frozen=True, kw_only=True):
    """An import. `errors` are the first 1,000 of `counts.invalid`; `job_id` tells at /api/v1/jobs how far it is."""

    id: uuid.UUID
    state: BatchState
    mode: ImportMode
    file_sha256: str
    file_bytes: int
    counts: Counts
    undo_counts: UndoCounts
    errors: list[RefusedRow]
    error_code: str | None
    job_id: uuid.UUID | None
    undo_job_id: uuid.UUID | None
    created_by: uuid.UUID | None
    created_at: Time
    applied_at: Time | None
    undone_at: Time | None


class ImportLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one import takes, unpacked."""

    maximum_bytes: int
    maximum_rows: int


class AcceptedBody(msgspec.Struct, frozen=True, kw_only=True):
    """The job that an import, or its undoing, became."""

    job: uuid.UUID
    batch: uuid.UUID
    state: BatchState
    limits: ImportLimits


def make_import_body(batch: BatchFacts, refusals: Iterable[Refusal]) -> ImportBody:
    """Return the import as the API shows it."""
    return ImportBody(
        id=batch.id,
        state=batch.state,
        mode=batch.mode,
        file_sha256=batch.file_sha256,
        file_bytes=batch.file_bytes,
        counts=batch.counts,
        undo_counts=batch.undo_counts,
        errors=[RefusedRow(row=each.row_number, code=each.code, message=MESSAGES[each.code]) for each in refusals],
        error_code=batch.error_code or None,
        job_id=batch.job_id,
        undo_job_id=batch.undo_job_id,
        created_by=batch.created_by,
        created_at=format_time(batch.created_at),
        applied_at=format_time(batch.applied_at),
        undone_at=format_time(batch.undone_at),
    )


def make_accepted_body(batch: BatchFacts) -> AcceptedBody:
    """Return where to follow what was accepted."""
    limits = ImportLimits(maximum_bytes=settings.IMPORT_MAXIMUM_BYTES, maximum_rows=settings.IMPORT_MAXIMUM_ROWS)
    return AcceptedBody(job=batch.current_job_id, batch=batch.id, state=batch.state, limits=limits)
