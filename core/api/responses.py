"""JSON out: msgspec encodes what the API answers, exact decimals and times included."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, overload

import msgspec
from django.http import HttpResponse

_encoder = msgspec.json.Encoder(decimal_format="number")


def json_response(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return the body as application/json."""
    return bytes_response(_encoder.encode(body), status=status, headers=headers)


def bytes_response(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return bytes that are JSON already."""
    return HttpResponse(body, status=status, content_type="application/json", headers=dict(headers or {}))


def encode_json(value: Any) -> bytes:
    """Return the value as compact JSON, keys in the order given."""
    return _encoder.encode(value)


@overload
def format_time(at: datetime) -> str: ...


@overload
def format_time(at: None) -> None: ...


@overload
def format_time(at: datetime | None) -> str | None: ...


def format_time(at: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with milliseconds and Z, or None."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
