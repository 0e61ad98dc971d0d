"""An import, step by step: rows are read, judged and put on their way; then all of them go in force at one moment."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import msgspec
from django.conf import settings

from accounts.queries import get_company
from blocklists.import_queries import StoredFile, count_refusals, lock_batch, make_batch_facts, make_scope
from blocklists.import_types import BatchFacts, BatchState, Counts, FileKind, ImportMode, Refusal
from blocklists.models import ImportBatch, ImportChunk, ImportRefusal, ImportRow
from blocklists.reading.lines import RawRow, read_rows
from blocklists.reading.rows import EntryRow, RowFault, RowReader
from blocklists.rules.warnings import OwnIdentifiers
from blocklists.services.import_events import record_applied
from blocklists.staging import copy_rows, put_in, renew_plans, sort_rows, take_turn
from core.actor import Actor
from core.unit_of_work import service
from jobs.pacing import pace
from jobs.types import JobFacts, JobRefused, RunningJob, Step

STEP_ROWS = 10_000
"""A fraction of a second."""
KEPT_REFUSALS = 1_000
_TEXT_LENGTH = 1_000
"""Of a row that is not valid so much is kept for whoever corrects it."""


@service
def run_import(*, job: RunningJob, now: datetime) -> Step:
    """Take the import on: read the next rows, or put what was read in force. Raises JobRefused."""
    row = lock_batch(**job.actor.scope, batch_id=uuid.UUID(job.parameters["batch_id"]))
    if row.state != BatchState.RUNNING:
        raise JobRefused("NOT_RUNNING")
    if job.cursor.get("is_read"):
        return _put_in_force(row, job, now=now)
    return _read_on(row, job, now=now)


def _read_on(row: ImportBatch, job: RunningJob, *, now: datetime) -> Step:
    batch = make_batch_facts(row)
    place, portion = job.cursor.get("place", 0), job.cursor.get("portion", 0)
    reading = _Reading(batch, job.actor, place=place, line=job.cursor.get("line", 0), now=now)
    entries, refusals = reading.read()
    copy_rows(batch_id=row.id, portion=portion, rows=entries)
    _keep(refusals, row)
    counts = _add(batch.counts, valid=len(entries), invalid=len(refusals))
    row.counts = msgspec.to_builtins(counts)
    row.save(update_fields=["counts"])
    cursor = {
        "place": reading.place,
        "line": reading.line,
        "portion": portion + 1,
        "is_read": reading.is_at_end,
    }
    return Step(done=reading.line // 2, total=max(row.line_count, 1), cursor=cursor)


class _Reading:
    """The next rows of a file."""

    def __init__(self, batch: BatchFacts, actor: Actor, *, place: int, line: int, now: datetime) -> None:
        self.place, self.line, self.is_at_end = place, line, False
        self._file = StoredFile(actor.scope, batch.id)
        self._layout = batch.layout
        own = OwnIdentifiers(get_company(organization_id=actor.organization_id).own_identifiers)
        self._reader = RowReader(batch.layout, batch.fixed, now=now, own=own)

    def read(self) -> tuple[list[EntryRow], list[Refusal]]:
        """Return what is valid and what is not of the next STEP_ROWS rows."""
        entries: list[EntryRow] = []
        refusals: list[Refusal] = []
        count = 0
        for count, raw in enumerate(self._list(), start=1):  # noqa: B007  counted
            self.place, self.line = raw.end, raw.last_line
            try:
                entry = self._reader.read(raw)
            except RowFault as fault:
                text = self._reader.decode(raw)[:_TEXT_LENGTH].replace("\x00", "\ufffd")
                refusals.append(Refusal(row_number=raw.line, code=fault.code, text=text))
                continue
            if entry is not None:
                entries.append(entry)
        self.is_at_end = count < STEP_ROWS
        return entries, refusals

    def _list(self) -> Iterator[RawRow]:
        has_quotes = self._layout.kind is FileKind.CSV
        rows = read_rows(self._file, offset=self.place, line=self.line, has_quotes=has_quotes)
        header = self._reader.skip_header(rows) if self.place == 0 else None
        if header is not None:
            self.place, self.line = header.end, header.last_line
        return islice(rows, STEP_ROWS)


def _add(counts: Counts, *, valid: int, invalid: int) -> Counts:
    return Counts(rows=counts.rows + valid + invalid, valid=counts.valid + valid, invalid=counts.invalid + invalid)


def _keep(refusals: list[Refusal], row: ImportBatch) -> None:
    if not refusals:
        return
    scope = make_scope(row)
    room = max(KEPT_REFUSALS - count_refusals(scope, batch_id=row.id), 0)
    ImportRefusal.objects.for_organization(**scope).bulk_create(
        ImportRefusal(
            organization_id=row.organization_id,
            environment=row.environment,
            batch_id=row.id,
            row_number=each.row_number,
            code=each.code.value,
            text=each.text,
        )
        for each in refusals[:room]
    )


def _judge(batch: BatchFacts, *, bytes_read: int) -> None:
    """Raise JobRefused when what was read cannot be put in force."""
    counts = batch.counts
    if bytes_read < batch.file_bytes or ImportRow.objects.filter(batch_id=batch.id).count() != counts.valid:
        raise JobRefused("FILE_LOST")
    if not counts.rows:
        raise JobRefused("EMPTY")
    if counts.rows > settings.IMPORT_MAXIMUM_ROWS:
        raise JobRefused("TOO_MANY_ROWS")
    if not counts.valid or (counts.invalid and batch.mode is ImportMode.ALL_OR_NOTHING):
        raise JobRefused("INVALID_ROWS")


def _put_in_force(row: ImportBatch, job: RunningJob, *, now: datetime) -> Step:
    """Put all portions into the lists in this one transaction, each of them short enough to leave room for payments.

    Raises JobRefused when there is something against it.
    """
    batch, scope = make_batch_facts(row), make_scope(row)
    _judge(batch, bytes_read=job.cursor["place"])
    take_turn(scope)
    added = reactivated = existing = 0
    portions = sort_rows(batch_id=row.id, size=STEP_ROWS)
    half = job.done_count
    for portion in range(portions):
        with pace():
            new, back, there = put_in(scope, batch_id=row.id, portion=portion, created_by=row.created_by_id, now=now)
        added, reactivated, existing = added + new, reactivated + back, existing + there
        if portion in {0, portions - 1}:
            renew_plans()
        job.progress.done = half + (row.line_count - half) * (portion + 1) // portions
    counts = _complete(batch.counts, added=added, reactivated=reactivated, existing=existing)
    row.counts, row.state, row.applied_at = msgspec.to_builtins(counts), BatchState.DONE.value, now
    row.save(update_fields=["counts", "state", "applied_at"])
    record_applied(actor=job.actor, row=row, counts=counts, now=now)
    clear_up(row)
    return Step(done=max(row.line_count, 1), result=row.counts | {"batch_id": str(row.id)})


def _complete(counts: Counts, *, added: int, reactivated: int, existing: int) -> Counts:
    return Counts(
        rows=counts.rows,
        valid=counts.valid,
        invalid=counts.invalid,
        duplicate=counts.valid - added - reactivated - existing,
        existing=existing,
        reactivated=reactivated,
        added=added,
    )


def end_import(*, job: JobFacts, now: datetime) -> None:
    """Note that the import failed or was cancelled: nothing of it is in force, and nothing of it is left."""
    batch_id = uuid.UUID(job.parameters["batch_id"])
    row = lock_batch(organization_id=job.organization_id, environment=job.environment, batch_id=batch_id)
    row.state = (BatchState.FAILED if job.error_code else BatchState.CANCELLED).value
    row.error_code = job.error_code
    row.save(update_fields=["state", "error_code"])
    clear_up(row)


def clear_up(row: ImportBatch) -> None:
    """Delete the file and the rows that were on their way."""
    ImportChunk.objects.for_organization(**make_scope(row)).filter(batch_id=row.id).delete()
    ImportRow.objects.filter(batch_id=row.id).delete()
