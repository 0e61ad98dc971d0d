"""The trail as a file: CSV for a spreadsheet, which must not take a cell for a formula, or a JSON object a line."""

import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Any

from core.web.csv_files import stream_csv
from events.rules.contents import format_moment
from events.trail import TrailEntry

type Named = tuple[TrailEntry, str, str]
"""An event, in words what was done, and the name of who did it."""


class FileFormat(StrEnum):
    CSV = "csv"
    JSON_LINES = "jsonl"


CONTENT_TYPES = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.JSON_LINES: "application/jsonl; charset=utf-8"}


def write_trail(entries: Iterable[Named], *, file_format: FileFormat) -> Iterator[bytes]:
    """Yield the file in pieces, a line at a time."""
    return _WRITERS[file_format](entries)


def _write_csv(entries: Iterable[Named]) -> Iterator[bytes]:
    rows = ([_make_cell(value) for value in _list_values(*named).values()] for named in entries)
    return stream_csv(chain([_COLUMNS], rows))


def _write_json_lines(entries: Iterable[Named]) -> Iterator[bytes]:
    for named in entries:
        yield json.dumps(_list_values(*named), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


_WRITERS: dict[FileFormat, Callable[[Iterable[Named]], Iterator[bytes]]] = {
    FileFormat.CSV: _write_csv,
    FileFormat.JSON_LINES: _write_json_lines,
}


def _list_values(entry: TrailEntry, what: str, who: str) -> dict[str, Any]:
    values: tuple[Any, ...] = (
        str(entry.id),
        format_moment(entry.created_at),
        entry.environment.value,
        entry.kind,
        what,
        entry.actor_kind,
        str(entry.actor_id) if entry.actor_id else None,
        entry.actor_name,
        who,
        entry.subject_type,
        entry.subject_id,
        entry.payload,
        entry.personal,
        entry.is_erased,
        entry.address,
        entry.request_id,
        entry.sequence,
    )
    return dict(zip(_COLUMNS, values, strict=True))


_COLUMNS = (
    "id", "created_at", "environment", "kind", "what", "actor_kind", "actor_id", "actor_name", "who", "subject_type",
    "subject_id", "payload", "personal", "is_erased", "address", "request_id", "sequence",
)  # fmt: skip


def _make_cell(value: Any) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value
