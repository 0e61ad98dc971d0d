"""The words of an import: what a file may be, how it is taken, what becomes of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from blocklists.types import FlowScope, ListType, Severity


class ImportMode(StrEnum):
    """What to do when a row is not valid."""

    VALID_ONLY = "valid_only"
    ALL_OR_NOTHING = "all_or_nothing"


class FileKind(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"
    PLAIN = "plain"


class BatchState(StrEnum):
    """How far an import has come. A draft waits for somebody to confirm it."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowCode(StrEnum):
    """Why a row is not valid. None of them, and none of their messages, repeats what the row says."""

    MISSING_VALUE = "MISSING_VALUE"
    INVALID_VALUE = "INVALID_VALUE"
    MISSING_LIST_TYPE = "MISSING_LIST_TYPE"
    UNKNOWN_LIST_TYPE = "UNKNOWN_LIST_TYPE"
    UNKNOWN_SEVERITY = "UNKNOWN_SEVERITY"
    UNKNOWN_FLOW_SCOPE = "UNKNOWN_FLOW_SCOPE"
    INVALID_EXPIRY = "INVALID_EXPIRY"
    REASON_TOO_LONG = "REASON_TOO_LONG"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"
    ROW_TOO_LONG = "ROW_TOO_LONG"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    INVALID_JSON = "INVALID_JSON"
    UNREADABLE = "UNREADABLE"
    OWN = "OWN"


MESSAGES: dict[RowCode, str] = {
    RowCode.MISSING_VALUE: "The row has no value.",
    RowCode.INVALID_VALUE: "The value has not the shape of its list type.",
    RowCode.MISSING_LIST_TYPE: "The row names no list type, and its value does not show which it is.",
    RowCode.UNKNOWN_LIST_TYPE: "There is no such list type.",
    RowCode.UNKNOWN_SEVERITY: "The severity is block, flag or review.",
    RowCode.UNKNOWN_FLOW_SCOPE: "The flow scope is payin, payout or both.",
    RowCode.INVALID_EXPIRY: "The expiry is a date, or a moment with an offset, in the future.",
    RowCode.REASON_TOO_LONG: "The reason has at most 2000 characters.",
    RowCode.TOO_MANY_COLUMNS: "The row has more columns than the header.",
    RowCode.ROW_TOO_LONG: "The row has more than 64 KiB, or 20 lines.",
    RowCode.UNCLOSED_QUOTE: "A quotation mark is not closed.",
    RowCode.INVALID_JSON: "The line is no JSON object with the fields of an entry.",
    RowCode.UNREADABLE: "The row has characters that cannot be read in the file's encoding, or control characters.",
    RowCode.OWN: "The value meets an account or a domain of your own organization; add it alone if that is meant.",
}

FIELDS = ("list_type", "value", "flow_scope", "severity", "reason", "expires_at")
"""What a column may be, by the API's names."""
MAXIMUM_REASON = 2_000


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a file: what it is, and which column of it, from 0, is which field."""

    kind: FileKind
    encoding: str = "utf-8"
    separator: str = ","
    has_header: bool = False
    columns: dict[str, int] = {}
    width: int = 0


class FixedTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every row that does not say otherwise. Without a list type, each value's shape shows it."""

    list_type: ListType | None = None
    flow_scope: FlowScope | None = None
    severity: Severity = Severity.BLOCK
    reason: str = ""
    expires_at: datetime | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a file, and what became of it.

    rows = valid + invalid, and after the import valid = duplicate + existing + reactivated + added. `existing` were in
    force already and stay as they are; `duplicate` stand in the file more than once.
    """

    rows: int = 0
    valid: int = 0
    invalid: int = 0
    duplicate: int = 0
    existing: int = 0
    reactivated: int = 0
    added: int = 0


class UndoCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What undoing a batch did. `kept` were changed by hand since, or belong to a later batch."""

    removed: int = 0
    restored: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that is not valid, by its number, from 1, as a text editor counts lines. `text` is the row itself."""

    row_number: int
    code: RowCode
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFacts:
    """An import as the API and the pages see it."""

    id: uuid.UUID
    state: BatchState
    mode: ImportMode
    file_name: str
    file_bytes: int
    file_sha256: str
    layout: Layout
    fixed: FixedTerms
    counts: Counts
    undo_counts: UndoCounts
    error_code: str
    job_id: uuid.UUID | None
    undo_job_id: uuid.UUID | None
    created_by: uuid.UUID | None
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None

    @property
    def current_job_id(self) -> uuid.UUID:
        """Return the job that works on it, or did last. Raises LookupError for a draft."""
        found = self.undo_job_id or self.job_id
        if found is None:
            raise LookupError
        return found

    @property
    def can_be_undone(self) -> bool:
        return self.state is BatchState.DONE and bool(self.counts.added or self.counts.reactivated)
