"""Values as PostgreSQL reads them from text, and the SQL that takes them by number.

No parameter has a type of its own: PostgreSQL takes it from where it stands (a column, a cast). So each statement is
one prepared plan whatever its values are, and None needs no other plan than a value does.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import DataError
from psycopg.adapt import PyFormat, Transformer

_NAMED = re.compile(r"%\((\w+)\)s")
_NEEDS_QUOTES = str.maketrans({"\\": "\\\\", '"': '\\"'})
_TEXT, _BINARY = 0, 1


class Compiled:
    """A statement ready for the wire: `$1`, `$2`, … in place of names, and the names in that order."""

    __slots__ = ("name", "names", "sql")

    def __init__(self, sql: str, number: int) -> None:
        self.names = tuple(dict.fromkeys(_NAMED.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self.names, start=1)}
        self.sql = _NAMED.sub(lambda found: places[found[1]], sql).replace("%%", "%").encode()
        self.name = b"clausum_%d" % number


_compiled: dict[str, Compiled] = {}


def compile_sql(sql: str) -> Compiled:
    """Return the statement for the wire, made once a process."""
    found = _compiled.get(sql)
    if found is None:
        found = _compiled.setdefault(sql, Compiled(sql, len(_compiled)))
    return found


def dump_all(compiled: Compiled, parameters: Mapping[str, Any]) -> tuple[list[bytes | None], list[int]]:
    """Return each parameter's bytes and their formats (0 text, 1 binary), in the statement's order.

    Raises DataError for a text with NUL, which PostgreSQL cannot hold, and KeyError for a parameter that is missing.
    """
    values: list[bytes | None] = []
    formats: list[int] = []
    for name in compiled.names:
        value = parameters[name]
        kind = type(value)
        formats.append(_BINARY if kind is bytes else _TEXT)
        if value is None:
            values.append(None)
        else:
            dumper = _DUMPERS.get(kind)
            values.append(dumper(value) if dumper else _dump_other(value))
    return values, formats


def dump(value: Any) -> bytes:
    """Return one value in PostgreSQL's text format, bytes as they are."""
    dumper = _DUMPERS.get(type(value))
    return dumper(value) if dumper else _dump_other(value)


def _dump_text(value: str) -> bytes:
    data = value.encode()
    if b"\0" in data:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return data


def _dump_list(values: Sequence[Any]) -> bytes:
    return b"{" + b",".join([_dump_element(value) for value in values]) + b"}"


def _dump_element(value: Any) -> bytes:
    if value is None:
        return b"NULL"
    if type(value) in _UNQUOTED:
        return dump(value)
    if type(value) is bytes:
        return b'"\\\\x' + value.hex().encode() + b'"'
    return b'"' + dump(value).decode().translate(_NEEDS_QUOTES).encode() + b'"'


def _dump_other(value: Any) -> bytes:
    """Dump a value of a less common type: words of an enumeration and numbers as what they are, the rest as psycopg."""
    if isinstance(value, str):
        return _dump_text(str(value))
    if isinstance(value, int):
        return b"%d" % value
    dumped = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return b"" if dumped is None else bytes(dumped)


_DUMPERS: dict[type, Callable[[Any], bytes]] = {
    str: _dump_text,
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    uuid.UUID: lambda value: value.hex.encode(),
    datetime: lambda value: value.isoformat(" ").encode(),
    date: lambda value: value.isoformat().encode(),
    bytes: lambda value: value,
    list: _dump_list,
    tuple: _dump_list,
}
_UNQUOTED = frozenset({int, bool, uuid.UUID})
