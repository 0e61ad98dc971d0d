"""Tables to take away: CSV that a spreadsheet opens and does not run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from django.http import StreamingHttpResponse

_BYTE_ORDER_MARK = "\N{BYTE ORDER MARK}"
"""Without it, Excel reads UTF-8 as Latin-1."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
            "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""What makes a spreadsheet calculate a cell (OWASP, CSV injection)."""


def make_safe(cell: object) -> str:
    """Return the cell as text that is shown and never calculated; None is empty."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def stream_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield each row as it comes, every cell made safe and quoted (RFC 4180)."""
    yield _BYTE_ORDER_MARK.encode()
    for row in rows:
        line = StringIO(newline="")
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([make_safe(cell) for cell in row])
        yield line.getvalue().encode()


def answer_with_csv(rows: Iterable[Sequence[object]], *, name: str) -> StreamingHttpResponse:
    """Return the rows as a file of that name, sent as they are read."""
    response = StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
