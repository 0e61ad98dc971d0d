"""The trail as a file: CSV for a spreadsheet, which must not take a cell for a formula, or a JSON object a line."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from events.rules.contents import format_moment
from events.trail import TrailEntry

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

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
    yield BYTE_ORDER_MARK.encode()
    yield _make_csv_line(_COLUMNS)
    for named in entries:
        yield _make_csv_line([_make_cell(value) for value in _list_values(*named).values()])


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


def _make_cell(value: Any) -> str:
    """Return the value as text; what a spreadsheet would take for a formula begins with an apostrophe (OWASP)."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _make_csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
