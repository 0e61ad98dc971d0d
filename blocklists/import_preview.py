"""What an import would do: the first rows as they are read, and counts of the whole file, or of its beginning."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from accounts.queries import get_company
from blocklists.import_queries import StoredFile
from blocklists.import_types import BatchFacts, FileKind, FixedTerms, Layout, Refusal
from blocklists.queries import count_in_force
from blocklists.reading.lines import RawRow, read_rows
from blocklists.reading.rows import EntryRow, RowFault, RowReader, read_cells
from blocklists.rules.warnings import OwnIdentifiers
from core.actor import Scope

SHOWN_ROWS = 20
COUNTED_ROWS = 20_000
"""A second of work at most; of a longer file the beginning is counted, and the page says so."""
SHOWN_REFUSALS = 50
_TEXT_LENGTH = 200


@dataclass
class Preview:
    """What was found. `is_whole` says whether the counts are of the whole file."""

    cells: list[list[str]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    rows: int = 0
    invalid: int = 0
    duplicate: int = 0
    existing: int = 0
    new: int = 0
    is_whole: bool = True


def read_first_rows(scope: Scope, batch: BatchFacts) -> list[RawRow]:
    """Return the first rows of the draft."""
    return list(islice(read_rows(StoredFile(scope, batch.id), has_quotes=True), SHOWN_ROWS))


def read_heads(scope: Scope, batch: BatchFacts, *, layout: Layout, now: datetime) -> list[str]:
    """Return what a preview calls the columns, without judging a row."""
    reader = RowReader(layout, FixedTerms(), now=now)
    first, body = _read(reader, StoredFile(scope, batch.id), most=SHOWN_ROWS)
    return _show(reader, first, body).heads


def preview(scope: Scope, batch: BatchFacts, *, layout: Layout, fixed: FixedTerms, now: datetime) -> Preview:
    """Return what the draft would do, read so."""
    own = OwnIdentifiers(get_company(organization_id=scope["organization_id"]).own_identifiers)
    reader = RowReader(layout, fixed, now=now, own=own)
    first, body = _read(reader, StoredFile(scope, batch.id), most=COUNTED_ROWS + 1)
    found = _show(reader, first, body[:SHOWN_ROWS])
    found.is_whole = len(body) <= COUNTED_ROWS
    _count(found, _judge(found, reader, body[:COUNTED_ROWS]), scope, now=now)
    return found


def _read(reader: RowReader, source: StoredFile, *, most: int) -> tuple[RawRow | None, list[RawRow]]:
    rows = read_rows(source, has_quotes=reader.layout.kind is FileKind.CSV)
    return reader.skip_header(rows), list(islice(rows, most))


def _show(reader: RowReader, first: RawRow | None, body: list[RawRow]) -> Preview:
    (header,) = read_cells(reader, [first]) if first else ([],)
    shown = read_cells(reader, body)
    width = max([len(header), *map(len, shown)], default=0)
    return Preview(cells=[row + [""] * (width - len(row)) for row in shown], heads=_name_columns(header, width))


def _name_columns(header: list[str], width: int) -> list[str]:
    """Return a name for each column: the header's, or its letter as in a spreadsheet."""
    return [(header[place].strip() if place < len(header) else "") or _letter(place) for place in range(width)]


def _letter(place: int) -> str:
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters, place = chr(ord("A") + rest) + letters, place - 1
    return letters


def _judge(found: Preview, reader: RowReader, rows: list[RawRow]) -> list[EntryRow]:
    entries = []
    for raw in rows:
        try:
            entry = reader.read(raw)
        except RowFault as fault:
            found.invalid += 1
            if len(found.refusals) < SHOWN_REFUSALS:
                text = reader.decode(raw)[:_TEXT_LENGTH].replace("\x00", "\ufffd")
                found.refusals.append(Refusal(row_number=raw.line, code=fault.code, text=text))
            continue
        if entry is not None:
            entries.append(entry)
    return entries


def _count(found: Preview, entries: list[EntryRow], scope: Scope, *, now: datetime) -> None:
    keys = {(entry.list_type, entry.value, entry.flow_scope) for entry in entries}
    found.rows = len(entries) + found.invalid
    found.duplicate = len(entries) - len(keys)
    found.existing = count_in_force(**scope, keys=keys, now=now)
    found.new = len(keys) - found.existing
