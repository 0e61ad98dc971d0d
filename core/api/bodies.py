"""Bodies in: size, media type, strict JSON, then a msgspec struct. Errors name fields and never repeat a value."""

import re
from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest

from core.errors import AppError, PayloadTooLarge, UnsupportedMediaType, ValidationFailed
from core.strict_json import InvalidJson, JsonValue, parse_object
from core.structs import make_ready

_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_QUOTED_VALUE = re.compile(r"Invalid (enum )?value .*", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")


def read_object(request: HttpRequest, *, maximum_bytes: int | None = None) -> dict[str, JsonValue]:
    """Return the request's JSON object, numbers exact.

    Raises PayloadTooLarge (413), UnsupportedMediaType (415), ValidationFailed (400).
    """
    check_size(request, maximum_bytes or settings.MAXIMUM_BODY_BYTES)
    check_media_type(request)
    try:
        return parse_object(request.body)
    except InvalidJson as error:
        raise AppError(error.message, details={"reason": error.reason}) from None


def check_size(request: HttpRequest, maximum_bytes: int) -> None:
    """Raise PayloadTooLarge when the body has more bytes than that."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdigit() or int(length) > maximum_bytes or len(request.body) > maximum_bytes:
        raise PayloadTooLarge(details={"maximum_bytes": maximum_bytes})


def check_media_type(request: HttpRequest) -> None:
    """Raise UnsupportedMediaType unless the body says that it is JSON in UTF-8."""
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMediaType("The body must not be compressed.")
    if request.content_type != "application/json" or charset.strip('"').lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType


def decode[T: msgspec.Struct](tree: dict[str, JsonValue], kind: type[T]) -> T:
    """Return the tree as that struct; raises ValidationFailed naming the first wrong field."""
    try:
        return msgspec.convert(tree, make_ready(kind), strict=True)
    except msgspec.ValidationError as error:
        raise describe(error) from None


def describe(error: msgspec.ValidationError) -> ValidationFailed:
    """Return msgspec's error as ours: the field's path and what was expected, without the value."""
    found = _PLACE.match(str(error))
    message, path = (found["message"], found["path"] or "$") if found else ("is not valid", "$")
    missing = _MISSING.search(message)
    field = path.removeprefix("$").lstrip(".")
    if missing:
        field = f"{field}.{missing['field']}".lstrip(".")
        message = "This field is required."
    message = _QUOTED_VALUE.sub("This value is not one of those allowed.", message)
    return ValidationFailed.of_field(field or "body", message)


@cache
def field_names(kind: type[msgspec.Struct]) -> frozenset[str]:
    """Return the names that a struct takes."""
    return frozenset(kind.__struct_fields__)


def refuse_unknown_fields(tree: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """Raise ValidationFailed for a name that the struct does not take (management endpoints; partners get warnings)."""
    unknown = sorted(set(tree) - field_names(kind))
    if unknown:
        raise ValidationFailed("The body has unknown fields.", details={"unknown_fields": len(unknown)})
