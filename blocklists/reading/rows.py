"""A row of a file as the terms of an entry, or the reason why it is none."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

import msgspec

from blocklists.import_types import MAXIMUM_REASON, FileKind, FixedTerms, Layout, RowCode
from blocklists.reading.lines import RawRow
from blocklists.reading.values import choose_type, normalize_fast
from blocklists.rules.warnings import NOTHING_OWN, OwnIdentifiers
from blocklists.types import LAST_YEAR, FlowScope, ListType, Severity, default_scope
from core.identifiers.errors import InvalidIdentifier

_COMMENT = re.compile(r"\s[#;].*", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_LIST_TYPES = {list_type.value: list_type for list_type in ListType}
_SCOPES = {scope.value: scope for scope in FlowScope}
_SEVERITIES = {severity.value: severity for severity in Severity}


class EntryRow(NamedTuple):
    """What a valid row puts on a list."""

    list_type: str
    value: str
    flow_scope: str
    severity: str
    reason: str
    expires_at: datetime | None


class RowFault(Exception):
    """The row is not valid."""

    def __init__(self, code: RowCode) -> None:
        super().__init__(code)
        self.code = code


class _JsonRow(msgspec.Struct, frozen=True, kw_only=True):
    value: str = ""
    list_type: str | None = None
    flow_scope: str | None = None
    severity: str | None = None
    reason: str | None = None
    expires_at: str | None = None


class RowReader:
    """Reads the rows of one file; what meets the organization's `own` is none of them."""

    def __init__(self, layout: Layout, fixed: FixedTerms, *, now: datetime, own: OwnIdentifiers = NOTHING_OWN) -> None:
        self.layout, self.fixed, self.now, self._own = layout, fixed, now, own
        self._json = msgspec.json.Decoder(_JsonRow)
        self._read: Callable[[str], EntryRow | None] = {
            FileKind.CSV: self._read_csv,
            FileKind.NDJSON: self._read_json,
            FileKind.PLAIN: self._read_plain,
        }[layout.kind]
        self._places = [
            layout.columns.get(name) for name in ("list_type", "flow_scope", "severity", "reason", "expires_at")
        ]
        self._value_place = layout.columns.get("value", 0)

    def read(self, row: RawRow) -> EntryRow | None:
        """Return the entry, None when the row is blank or a comment. Raises RowFault."""
        if row.is_too_long:
            raise RowFault(RowCode.ROW_TOO_LONG)
        if row.is_open:
            raise RowFault(RowCode.UNCLOSED_QUOTE)
        text = self.decode(row)
        if not text or text.isspace():
            return None
        if _CONTROL.search(text):
            raise RowFault(RowCode.UNREADABLE)
        return self._read(text)

    def decode(self, row: RawRow) -> str:
        """Return the row's text; what cannot be read is U+FFFD."""
        return row.data.decode(self.layout.encoding, errors="replace")

    def skip_header(self, rows: Iterator[RawRow]) -> RawRow | None:
        """Take off the rows up to the header, and return it; None when there is none. Before it may be blank ones."""
        for row in rows if self.layout.has_header else ():
            if self.decode(row).strip():
                return row
        return None

    def split(self, text: str) -> list[str]:
        """Return the row's cells. Raises RowFault."""
        if '"' not in text:
            return text.split(self.layout.separator)
        try:
            (cells,) = csv.reader([text], delimiter=self.layout.separator, strict=False)
        except (csv.Error, ValueError):
            raise RowFault(RowCode.UNCLOSED_QUOTE) from None
        return cells

    def _read_csv(self, text: str) -> EntryRow | None:
        cells = self.split(text)
        if self.layout.width and len(cells) > self.layout.width and any(cells[self.layout.width :]):
            raise RowFault(RowCode.TOO_MANY_COLUMNS)
        if not any(cells):
            return None
        value = cells[self._value_place] if self._value_place < len(cells) else ""
        return self._make(value, *(cells[at] if at is not None and at < len(cells) else "" for at in self._places))

    def _read_json(self, text: str) -> EntryRow:
        try:
            row = self._json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            raise RowFault(RowCode.INVALID_JSON) from None
        given = (row.list_type, row.flow_scope, row.severity, row.reason, row.expires_at)
        cells = [row.value, *(cell or "" for cell in given)]
        if "\\" in text and any(map(_CONTROL.search, cells)):  # the escape of one, which is none itself
            raise RowFault(RowCode.UNREADABLE)
        return self._make(*cells)

    def _read_plain(self, text: str) -> EntryRow | None:
        if text[0] in "#;":
            return None
        value = _COMMENT.sub("", text) if "#" in text or ";" in text else text
        return self._make(value, "", "", "", "", "") if value.strip() else None

    def _make(self, value: str, list_type: str, scope: str, severity: str, reason: str, expires_at: str) -> EntryRow:
        value = value.strip()
        if not value:
            raise RowFault(RowCode.MISSING_VALUE)
        kind = self._find_type(list_type.strip(), value)
        try:
            canonical = normalize_fast(kind, value)
        except InvalidIdentifier:
            raise RowFault(RowCode.INVALID_VALUE) from None
        if self._own and self._own.meets(kind, canonical):
            raise RowFault(RowCode.OWN)
        return EntryRow(
            kind.value,
            canonical,
            self._find_scope(scope.strip(), kind),
            self._find_severity(severity.strip()),
            self._find_reason(reason.strip()),
            self._find_expiry(expires_at.strip()),
        )

    def _find_type(self, word: str, value: str) -> ListType:
        if word:
            found = _LIST_TYPES.get(word.lower())
            if found is None:
                raise RowFault(RowCode.UNKNOWN_LIST_TYPE)
            return found
        chosen = choose_type(value, fixed=self.fixed.list_type)
        if chosen is None:
            raise RowFault(RowCode.MISSING_LIST_TYPE)
        return chosen

    def _find_scope(self, word: str, kind: ListType) -> str:
        if not word:
            return (self.fixed.flow_scope or default_scope(kind)).value
        if word.lower() not in _SCOPES:
            raise RowFault(RowCode.UNKNOWN_FLOW_SCOPE)
        return word.lower()

    def _find_severity(self, word: str) -> str:
        if not word:
            return self.fixed.severity.value
        if word.lower() not in _SEVERITIES:
            raise RowFault(RowCode.UNKNOWN_SEVERITY)
        return word.lower()

    def _find_reason(self, text: str) -> str:
        if len(text) > MAXIMUM_REASON:
            raise RowFault(RowCode.REASON_TOO_LONG)
        return text or self.fixed.reason

    def _find_expiry(self, text: str) -> datetime | None:
        """Return the moment in UTC; a date without a time is that day's beginning in UTC."""
        if not text:
            return self.fixed.expires_at
        moment = _parse_moment(text)
        if moment is None or moment <= self.now or moment.year > LAST_YEAR:
            raise RowFault(RowCode.INVALID_EXPIRY)
        return moment


def _parse_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) if moment.time() == time() else None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_cells(reader: RowReader, rows: Sequence[RawRow]) -> list[list[str]]:
    """Return the cells of rows for a preview; one that cannot be split is one cell."""
    shown = []
    for row in rows:
        text = reader.decode(row)
        try:
            shown.append(reader.split(text) if reader.layout.kind is FileKind.CSV else [text])
        except RowFault:
            shown.append([text])
    return shown
