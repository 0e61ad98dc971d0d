"""Rows of a file, each with the place where the next one begins, so that reading can go on there.

The file is UTF-8 or one of the encodings that share ASCII with it; whatever else there is was turned into UTF-8 before.
"""

from collections.abc import Iterator
from typing import Protocol

MAXIMUM_ROW_BYTES = 64 * 1024
MAXIMUM_ROW_LINES = 20
"""Of a row whose quoted cells have line ends: an unclosed quotation mark must not swallow the file."""
_QUOTE = b'"'


class Source(Protocol):
    """A file that is read from any place."""

    def read(self, offset: int) -> bytes:
        """Return some bytes from there on, none at the end."""
        ...


class RawRow:
    """One row as it stands in the file. `fault` says that it was cut: too long, or a quotation mark left open."""

    __slots__ = ("data", "end", "is_open", "is_too_long", "line")

    def __init__(self, data: bytes, *, end: int, line: int, is_too_long: bool = False, is_open: bool = False) -> None:
        self.data, self.end, self.line = data, end, line
        self.is_too_long, self.is_open = is_too_long, is_open

    @property
    def last_line(self) -> int:
        return self.line + self.data.count(b"\n")


class _Line:
    __slots__ = ("data", "end", "is_too_long")

    def __init__(self, data: bytes, end: int, *, is_too_long: bool = False) -> None:
        self.data, self.end, self.is_too_long = data, end, is_too_long


def read_lines(source: Source, *, offset: int) -> Iterator[_Line]:
    """Yield the lines from there on without their ends; of one that is too long only a part is kept."""
    rest, start, skipped = b"", offset, False
    while data := source.read(offset):
        offset += len(data)
        lines = (rest + data).split(b"\n")
        rest = lines.pop()
        place = start
        for line in lines:
            place += len(line) + 1
            yield _Line(line[:MAXIMUM_ROW_BYTES], place, is_too_long=skipped or len(line) > MAXIMUM_ROW_BYTES)
            skipped = False
        start = place
        if len(rest) > MAXIMUM_ROW_BYTES:
            start, rest, skipped = start + len(rest) - MAXIMUM_ROW_BYTES, rest[-MAXIMUM_ROW_BYTES:], True
    if rest or skipped:
        yield _Line(rest[:MAXIMUM_ROW_BYTES], start + len(rest), is_too_long=skipped)


def read_rows(source: Source, *, offset: int = 0, line: int = 0, has_quotes: bool) -> Iterator[RawRow]:
    """Yield the rows from there on; `line` lines stand before. A row has more than one line only in quotes."""
    waiting: list[_Line] = []
    lines = read_lines(source, offset=offset)
    while True:
        first = waiting.pop(0) if waiting else next(lines, None)
        if first is None:
            return
        line += 1
        if not has_quotes or first.is_too_long or first.data.count(_QUOTE) % 2 == 0:
            yield RawRow(first.data.removesuffix(b"\r"), end=first.end, line=line, is_too_long=first.is_too_long)
            continue
        row, taken = _read_quoted(first, lines, waiting, line)
        yield row
        line += taken - 1


def _read_quoted(first: _Line, lines: Iterator[_Line], waiting: list[_Line], number: int) -> tuple[RawRow, int]:
    """Return the row of several lines and their number; when it does not end, its first line alone, and the rest wait.

    `waiting` are lines that were read for a former row and are not of it.
    """
    taken, quotes, size = [first], first.data.count(_QUOTE), len(first.data)
    while quotes % 2 and len(taken) < MAXIMUM_ROW_LINES and size <= MAXIMUM_ROW_BYTES:
        following = waiting.pop(0) if waiting else next(lines, None)
        if following is None:
            break
        taken.append(following)
        quotes, size = quotes + following.data.count(_QUOTE), size + len(following.data)
    if quotes % 2 or size > MAXIMUM_ROW_BYTES:
        waiting[:0] = taken[1:]
        return RawRow(first.data, end=first.end, line=number, is_open=True), 1
    data = b"\n".join(line.data for line in taken).removesuffix(b"\r")
    return RawRow(data, end=taken[-1].end, line=number), len(taken)
