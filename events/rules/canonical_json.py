"""Canonical JSON: one value has one spelling, so that a hash of it means something.

The spelling is RFC 8785 (JSON Canonicalization Scheme). What is recorded is held to values on which Python, PostgreSQL
and every other reader of JSON agree (RFC 7493, I-JSON), so no number is ever respelt on its way.
"""

import json
from typing import Any

LARGEST_INTEGER = 2**53 - 1
"""The largest that every reader keeps exactly (RFC 7493 §2.2)."""

NUMBER_MARK = "\x00number:"
"""Begins the text that stands for a number no event is recorded with; PostgreSQL stores no text with a NUL."""

_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def encode_canonical(value: object) -> bytes:
    """Return the canonical spelling in UTF-8. Raises ValueError for what has none (NaN, a lone surrogate)."""
    return _encoder.encode(value).encode()


def require_plain(value: object) -> None:
    """Raise ValueError unless the value is fit to be recorded.

    Fit are objects with ASCII keys, arrays, text without NUL, integers up to LARGEST_INTEGER, booleans and null:
    amounts stand in minor units, other numbers as text.
    """
    match value:
        case None | bool():
            return
        case int() if abs(value) <= LARGEST_INTEGER:
            return
        case str():
            _require_text(value)
        case list() | tuple():
            for item in value:
                require_plain(item)
        case dict():
            _require_object(value)
        case _:
            raise ValueError(f"a recorded value may not be {type(value).__name__}")


def _require_text(text: str) -> None:
    if "\x00" in text:
        raise ValueError("a recorded text may not hold NUL")
    text.encode()


def _require_object(value: dict[Any, Any]) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise ValueError("keys of a recorded object are ASCII text")
        _require_text(key)
        require_plain(item)


def read_stored(text: str) -> Any:
    """Return a stored JSON value; a number no event is recorded with becomes marked text, so that hashing never fails.

    Such a number is the work of somebody who wrote to the table by hand.
    """
    return json.loads(text, parse_float=_mark, parse_int=_read_integer)


def _mark(number: str) -> str:
    return NUMBER_MARK + number


def _read_integer(number: str) -> int | str:
    if len(number) > len(str(-LARGEST_INTEGER)):
        return _mark(number)
    return int(number)
