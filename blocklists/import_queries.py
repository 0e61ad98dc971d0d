"""Reads of imports."""

import uuid
from datetime import timedelta

import msgspec
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr

from blocklists.import_types import (
    BatchFacts,
    BatchState,
    Counts,
    FixedTerms,
    ImportMode,
    Layout,
    Refusal,
    RowCode,
    UndoCounts,
)
from blocklists.models import ImportBatch, ImportChunk, ImportRefusal
from core.actor import Actor, Scope
from core.environments import Environment
from core.errors import NotFound

CHUNK_BYTES = 1024 * 1024
OWN_UNDO = timedelta(minutes=30)
"""For so long whoever imported may undo it, without the right to delete entries."""


class BatchNotFound(NotFound):
    message = "There is no such import."


class StoredFile:
    """An uploaded file, read from any place, one piece at a time."""

    def __init__(self, scope: Scope, batch_id: uuid.UUID) -> None:
        self._chunks = ImportChunk.objects.for_organization(**scope).filter(batch_id=batch_id)

    def read(self, offset: int) -> bytes:
        """Return the bytes from there to the end of their piece, none at the end of the file."""
        start = offset - offset % CHUNK_BYTES
        wanted = Substr("data", offset - start + 1, output_field=BinaryField())
        rows = self._chunks.filter(start=start).annotate(rest=wanted).values_list("rest", flat=True)
        return bytes(next(iter(rows), b""))


def has_file(scope: Scope, *, batch_id: uuid.UUID) -> bool:
    """Say whether the file is still there; a crash of PostgreSQL takes it away."""
    return ImportChunk.objects.for_organization(**scope).filter(batch_id=batch_id).exists()


def get_batch(*, organization_id: uuid.UUID, environment: Environment, batch_id: uuid.UUID) -> BatchFacts:
    """Return the import; raises BatchNotFound."""
    row = ImportBatch.objects.for_organization(organization_id, environment).filter(id=batch_id).first()
    if row is None:
        raise BatchNotFound
    return make_batch_facts(row)


def list_batches(
    *, organization_id: uuid.UUID, environment: Environment, limit: int, offset: int
) -> tuple[list[BatchFacts], int]:
    """Return one page of the imports that were confirmed, newest first, and how many there are."""
    rows = ImportBatch.objects.for_organization(organization_id, environment).exclude(state=BatchState.DRAFT.value)
    return [make_batch_facts(row) for row in rows.order_by("-id")[offset : offset + limit]], rows.count()


def lock_batch(*, organization_id: uuid.UUID, environment: Environment, batch_id: uuid.UUID) -> ImportBatch:
    """Return the import, locked until the end of the transaction; raises BatchNotFound."""
    rows = ImportBatch.objects.for_organization(organization_id, environment).filter(id=batch_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise BatchNotFound
    return row


def list_refusals(scope: Scope, *, batch_id: uuid.UUID, limit: int | None = None) -> list[Refusal]:
    """Return the rows that were kept of those that are not valid, in the file's order."""
    rows = _refusals(scope, batch_id).order_by("row_number")[:limit]
    return [Refusal(row_number=row.row_number, code=RowCode(row.code), text=row.text) for row in rows]


def count_refusals(scope: Scope, *, batch_id: uuid.UUID) -> int:
    """Return how many rows were kept of those that are not valid."""
    return _refusals(scope, batch_id).count()


def _refusals(scope: Scope, batch_id: uuid.UUID) -> QuerySet[ImportRefusal]:
    return ImportRefusal.objects.for_organization(**scope).filter(batch_id=batch_id)


def may_undo(actor: Actor, batch: BatchFacts, *, age: timedelta) -> bool:
    """Say whether the actor may undo the import, applied that long ago."""
    is_own = actor.id is not None and batch.created_by == actor.id
    return actor.can("blocklists:delete") or (is_own and actor.can("blocklists:add") and age <= OWN_UNDO)


def make_scope(row: ImportBatch) -> Scope:
    """Return whose the import is."""
    return Scope(organization_id=row.organization_id, environment=Environment(row.environment))


def make_batch_facts(row: ImportBatch) -> BatchFacts:
    """Return the row as the API and the pages see it."""
    return BatchFacts(
        id=row.id,
        state=BatchState(row.state),
        mode=ImportMode(row.mode),
        file_name=row.file_name,
        file_bytes=row.file_bytes,
        file_sha256=row.file_sha256,
        layout=msgspec.convert(row.layout, Layout),
        fixed=msgspec.convert(row.fixed, FixedTerms),
        counts=msgspec.convert(row.counts, Counts),
        undo_counts=msgspec.convert(row.undo_counts, UndoCounts),
        error_code=row.error_code,
        job_id=row.job_id,
        undo_job_id=row.undo_job_id,
        created_by=row.created_by_id,
        created_at=row.created_at,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
    )
