"""What a file is: its encoding, whether it is a table, and which of its columns is what."""

import codecs
import csv
import re
from collections import Counter

from blocklists.import_types import FIELDS, FileKind, Layout
from blocklists.reading.lines import RawRow

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_NAMES = {
    "list_type": ("list_type", "type", "tipo", "lista", "tipo_lista", "indicator_type", "tipo_de_lista"),
    "value": ("value", "valor", "indicator", "ip", "email", "correo", "domain", "dominio", "clabe", "iban", "cuenta"),
    "flow_scope": ("flow_scope", "scope", "flujo", "flow"),
    "severity": ("severity", "severidad", "action", "accion"),
    "reason": ("reason", "motivo", "description", "descripcion", "comment", "comentario", "nota"),
    "expires_at": ("expires_at", "expires", "vence", "caduca", "vencimiento", "expiry", "valid_until"),
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_COMMENTS = ("#", ";")
_COMMENT = re.compile(r"\s[#;].*", re.DOTALL)
_ACCENTS = str.maketrans("áéíóúüñ -", "aeiouun__")


def find_byte_order_mark(beginning: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark tells, and the mark's length; "" when there is none."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if beginning.startswith(mark):
            return encoding, len(mark)
    return "", 0


def detect_layout(rows: list[RawRow], *, encoding: str, given: FileKind | None = None) -> Layout:
    """Return how to read a file that begins with these rows; `given` is what its sender says it is."""
    texts = [row.data.decode(encoding, errors="replace") for row in rows[:_SAMPLE_ROWS]]
    said = [text for text in texts if text.strip()]
    kind = given or _detect_kind(said)
    if kind is not FileKind.CSV:
        return Layout(kind=kind, encoding=encoding)
    separator = detect_separator(said)
    return _make_table(_split(said[0], separator) if said else [], encoding=encoding, separator=separator)


def _detect_kind(texts: list[str]) -> FileKind:
    said = [text.strip() for text in texts if text.strip()[:1] not in _COMMENTS]
    if len(said) < len(texts):  # where whole lines are comments, the ends of others are too
        said = [_COMMENT.sub("", text) for text in said]
    if said and said[0].startswith("{"):
        return FileKind.NDJSON
    separator = detect_separator(said)
    is_table = sum(separator in text for text in said) * 2 > len(said) or (said and _find_columns(said[:1]))
    return FileKind.CSV if is_table else FileKind.PLAIN


def detect_separator(texts: list[str]) -> str:
    """Return the separator that cuts the most rows alike; a comma when there is none."""
    best, comma = (0, 0, 0), ","
    for separator in SEPARATORS:
        widths = Counter(len(_split(text, separator)) for text in texts)
        widths.pop(1, None)
        if widths:
            width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
            score = (rows, width, -SEPARATORS.index(separator))
            if score > best:
                best, comma = score, separator
    return comma


def _split(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return text.split(separator)


def read_as(rows: list[RawRow], *, kind: FileKind, encoding: str, separator: str, has_header: bool) -> Layout:
    """Return the layout of a file that somebody says is so, its columns by its header."""
    if kind is not FileKind.CSV:
        return Layout(kind=kind, encoding=encoding)
    texts = (row.data.decode(encoding, errors="replace") for row in rows)
    first = next((text for text in texts if text.strip()), "")
    return _make_table(_split(first, separator), encoding=encoding, separator=separator, has_header=has_header)


def _make_table(first: list[str], *, encoding: str, separator: str, has_header: bool | None = None) -> Layout:
    """Return how to read a table that begins so; whether that is a header shows unless somebody says it."""
    columns = _find_columns(first)
    if has_header is None:
        has_header = bool(columns)
    return Layout(
        kind=FileKind.CSV,
        encoding=encoding,
        separator=separator,
        has_header=has_header,
        columns=(has_header and columns) or {"value": 0},
        width=len(first) if has_header else 0,
    )


def _find_columns(header: list[str]) -> dict[str, int]:
    """Return the place of each field: the column of its very name, else the first of a name that means it."""
    names = [cell.strip().strip('"').lower().translate(_ACCENTS) for cell in header]
    found = {_FIELD_OF[name]: names.index(name) for name in reversed(names) if name in _FIELD_OF}
    exact = {field: names.index(field) for field in FIELDS if field in names}
    return {field: (found | exact)[field] for field in FIELDS if field in found}
