"""Keeping an uploaded file where any worker can read it, and finding out what it is."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

import msgspec
from django.conf import settings

from blocklists.import_queries import CHUNK_BYTES, StoredFile, make_batch_facts, make_scope
from blocklists.import_types import BatchFacts, FileKind, FixedTerms, Layout
from blocklists.models import ImportBatch, ImportChunk
from blocklists.reading.detection import detect_layout
from blocklists.reading.lines import read_rows
from blocklists.reading.unpacking import FileRefused, Transcoder, make_spool, unpack
from core.actor import Actor, ActorKind
from core.errors import AppError, PayloadTooLarge, UnsupportedMediaType, ValidationFailed
from core.ids import make_uuid7
from core.unit_of_work import service

_SAMPLE_ROWS = 200
_NAME_LENGTH = 200
REFUSALS: dict[str, str] = {
    "TOO_LARGE": "The file is larger than an import takes.",
    "TOO_MANY_ROWS": "The file has more rows than an import takes.",
    "BOMB": "The file unpacks to far more than its size; send it unpacked.",
    "PACKED_BADLY": "The compressed file cannot be read to its end.",
    "ZIP_OF_SEVERAL": "A zip file must hold exactly one file.",
    "ZIP_METHOD": "A zip file must be stored or deflated.",
    "NOT_TEXT": "The file is no text.",
    "EMPTY": "The file has no rows.",
}


@service
def store_upload(
    *,
    actor: Actor,
    pieces: Iterable[bytes],
    file_name: str,
    kind: FileKind | None = None,
    fixed: FixedTerms | None = None,
    now: datetime,
) -> BatchFacts:
    """Unpack and keep the file as a draft import, with what it seems to be; `kind` is what its sender says it is.

    Raises PayloadTooLarge, UnsupportedMediaType (a zip of several or of another method, no text) and ValidationFailed
    (empty, broken), each with the reason in its details; before that nothing is left of the file.
    """
    row = ImportBatch(
        id=make_uuid7(at=now),
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        file_name=file_name[:_NAME_LENGTH],
        file_bytes=0,
        line_count=0,
        file_sha256="",
        layout={},
        fixed=msgspec.to_builtins(fixed or FixedTerms()),
        created_by_id=actor.id if actor.kind is ActorKind.USER else None,
        created_at=now,
    )
    try:
        _store(row, pieces, actor=actor, kind=kind)
    except FileRefused as refused:
        raise _explain(refused.code) from None
    return make_batch_facts(row)


def _store(row: ImportBatch, pieces: Iterable[bytes], *, actor: Actor, kind: FileKind | None) -> None:
    """Raises FileRefused."""
    row.save(force_insert=True)
    digest, transcoder = hashlib.sha256(), Transcoder()
    keeper = _Keeper(row)
    with make_spool() as spool:
        for piece in unpack(_hash(pieces, digest), spool=spool, maximum_bytes=settings.IMPORT_MAXIMUM_BYTES):
            keeper.add(transcoder.feed(piece))
    keeper.add(transcoder.finish())
    keeper.flush()
    row.file_bytes, row.line_count, row.file_sha256 = keeper.size, keeper.lines, digest.hexdigest()
    layout = _find_layout(actor, row, encoding=transcoder.encoding, kind=kind)
    row.layout = msgspec.to_builtins(layout)
    row.save(update_fields=["file_bytes", "line_count", "file_sha256", "layout"])


class _Keeper:
    """Writes what it is given in pieces of one size, counting lines."""

    def __init__(self, row: ImportBatch) -> None:
        self.row, self.size = row, 0
        self._waiting = bytearray()
        self._start = self._line_ends = 0
        self._is_line_open = False

    @property
    def lines(self) -> int:
        return self._line_ends + self._is_line_open

    def add(self, data: bytes) -> None:
        """Raises FileRefused."""
        if not data:
            return
        self.size += len(data)
        self._line_ends += data.count(b"\n")
        self._is_line_open = not data.endswith(b"\n")
        if self.size > settings.IMPORT_MAXIMUM_BYTES:
            raise FileRefused("TOO_LARGE")
        if self.lines > settings.IMPORT_MAXIMUM_ROWS + 1:  # with a header
            raise FileRefused("TOO_MANY_ROWS")
        self._waiting += data
        while len(self._waiting) >= CHUNK_BYTES:
            self._write(bytes(self._waiting[:CHUNK_BYTES]))
            del self._waiting[:CHUNK_BYTES]

    def flush(self) -> None:
        """Write what is left. Raises FileRefused for a file without anything."""
        if self._waiting:
            self._write(bytes(self._waiting))
            self._waiting.clear()
        if not self.size:
            raise FileRefused("EMPTY")

    def _write(self, data: bytes) -> None:
        ImportChunk.objects.create(
            **make_scope(self.row),
            batch_id=self.row.id,
            start=self._start,
            data=data,
        )
        self._start += len(data)


def _hash(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterable[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _find_layout(actor: Actor, row: ImportBatch, *, encoding: str, kind: FileKind | None) -> Layout:
    rows = list(islice(read_rows(StoredFile(actor.scope, row.id), has_quotes=True), _SAMPLE_ROWS))
    return detect_layout(rows, encoding=encoding, given=kind)


def _explain(code: str) -> AppError:
    details: dict[str, object] = {"reason": code}
    if code in {"TOO_LARGE", "TOO_MANY_ROWS", "BOMB"}:
        limits = {"maximum_bytes": settings.IMPORT_MAXIMUM_BYTES, "maximum_rows": settings.IMPORT_MAXIMUM_ROWS}
        return PayloadTooLarge(REFUSALS[code], details=details | limits)
    if code in {"NOT_TEXT", "ZIP_OF_SEVERAL", "ZIP_METHOD"}:
        return UnsupportedMediaType(REFUSALS[code], details=details)
    return ValidationFailed(REFUSALS[code], details=details)
