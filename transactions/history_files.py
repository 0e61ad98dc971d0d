"""History files: CSV in UTF-8, plain or gzipped, read line by line whatever their length."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from transactions.history_rows import COLUMNS, REQUIRED, RowRefused, read_row
from transactions.types import HistoryRow

SHOWN_PROBLEMS = 20
_GZIP_MAGIC = b"\x1f\x8b"


class UnreadableFile(ValueError):
    """The file as a whole cannot be read: no UTF-8, broken compression, a header that is not the documented one."""


@dataclass(slots=True)
class ReadingReport:
    """What was read so far. `problems` holds the first refusals, each with its line."""

    rows: int = 0
    invalid: int = 0
    doubtful: int = 0
    problems: list[str] = field(default_factory=list)

    def add_problem(self, line: int, refusal: RowRefused) -> None:
        """Count a refused row and keep it when it is among the first."""
        self.invalid += 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(f"line {line}: {refusal}")


class HistoryRefused(ValueError):
    """The file was read to its end and holds rows that are no payments."""

    def __init__(self, report: ReadingReport) -> None:
        super().__init__(report.invalid)
        self.report = report


def read_history(path: Path, *, report: ReadingReport, skips_invalid: bool, now: datetime) -> Iterator[HistoryRow]:
    """Yield the file's payments and keep count in `report`.

    Unless invalid rows are skipped, the first one ends the yielding; the rest is only checked, and HistoryRefused
    raised at the end. Raises UnreadableFile.
    """
    with _open(path) as file:
        for line, cells in _read_cells(file):
            report.rows += 1
            try:
                row = read_row(_only_given(cells), now=now)
            except RowRefused as refusal:
                report.add_problem(line, refusal)
                continue
            report.doubtful += row.doubtful
            if skips_invalid or not report.invalid:
                yield row
    if report.invalid and not skips_invalid:
        raise HistoryRefused(report)


@contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as raw:
        is_gzipped = raw.peek(2)[:2] == _GZIP_MAGIC
        plain = gzip.GzipFile(fileobj=raw) if is_gzipped else raw
        with TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
            yield text


def _read_cells(file: IO[str]) -> Iterator[tuple[int, dict[str, str] | RowRefused]]:
    reader = csv.reader(file, strict=True)
    try:
        columns = _check_header(next(reader, []))
        for values in reader:
            if values:
                yield reader.line_num, _match(columns, values)
    except UnicodeDecodeError:
        raise UnreadableFile(f"after line {reader.line_num}: the file is not UTF-8") from None
    except (EOFError, OSError, zlib.error):
        raise UnreadableFile(f"after line {reader.line_num}: the file ends or breaks off") from None
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: the file is not CSV ({error})") from None


def _check_header(names: list[str]) -> list[str]:
    """Return the columns; a wrong name is told by its place, since a file without a header begins with a payment."""
    columns = [name.strip() for name in names]
    for place, name in enumerate(columns, start=1):
        if name not in COLUMNS:
            raise UnreadableFile(f"column {place} of the header is not one of those documented")
        if name in columns[: place - 1]:
            raise UnreadableFile(f"the header names {name} twice")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise UnreadableFile(f"the header lacks {', '.join(missing)}")
    return columns


def _match(columns: list[str], values: list[str]) -> dict[str, str] | RowRefused:
    if len(values) != len(columns):
        return RowRefused("", f"has {len(values)} values, the header {len(columns)} columns")
    return {column: text for column, value in zip(columns, values, strict=True) if value and (text := value.strip())}


def _only_given(cells: dict[str, str] | RowRefused) -> dict[str, str]:
    if isinstance(cells, RowRefused):
        raise cells
    return cells
