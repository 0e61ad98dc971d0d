"""What the query string of an import says of all its rows, and how its body is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import IO, Annotated

from django.conf import settings
from django.http import HttpRequest, QueryDict, UnreadablePostError
from msgspec import Meta

from blocklists.api.words import read_list_type, read_severity
from blocklists.import_types import MAXIMUM_REASON, FileKind, FixedTerms, ImportMode
from blocklists.reading.unpacking import PIECE_BYTES, make_spool
from blocklists.types import FlowScope, ListType, Severity
from core.api.openapi import Parameter
from core.errors import PayloadTooLarge, UnsupportedMediaType, ValidationFailed

_KINDS: dict[str, FileKind | None] = {
    "text/csv": FileKind.CSV,
    "application/x-ndjson": FileKind.NDJSON,
    "text/plain": None,
    "application/gzip": None,
    "application/zip": None,
}
MEDIA_TYPES = ("text/csv", "application/x-ndjson", "text/plain")
"""What the document names; each may be packed."""
_ENCODINGS = frozenset({"identity", "gzip"})

IMPORT_PARAMETERS = (
    Parameter(name="list_type", kind=ListType, description="The type of rows that name none; else their shape tells."),
    Parameter(name="mode", kind=ImportMode, description="What to do when a row is not valid; valid_only by default."),
    Parameter(name="flow_scope", kind=FlowScope, description="The scope of rows that name none; else their type's."),
    Parameter(name="severity", kind=Severity, description="The severity of rows that name none; block by default."),
    Parameter(
        name="reason",
        kind=Annotated[str, Meta(max_length=MAXIMUM_REASON)],
        description="The reason of rows that give none.",
    ),
    Parameter(
        name="expires_at",
        kind=Annotated[str, Meta(extra_json_schema={"format": "date-time"})],
        description="When rows that do not say it expire; never by default.",
    ),
)


class BodyCutOff(ValidationFailed):
    message = "The body broke off before its end."


def read_terms(query: QueryDict) -> tuple[ImportMode, FixedTerms]:
    """Return the mode and what holds for all rows.

    Raises InvalidListType, InvalidSeverity, ValidationFailed naming the field.
    """
    for parameter in IMPORT_PARAMETERS:
        if len(query.getlist(parameter.name)) > 1:
            raise ValidationFailed.of_field(parameter.name, "must be given once")
    terms = FixedTerms(
        list_type=read_list_type(query["list_type"]) if "list_type" in query else None,
        flow_scope=_read_word(query, "flow_scope", FlowScope),
        severity=read_severity(query["severity"]) if "severity" in query else Severity.BLOCK,
        reason=_read_reason(query),
        expires_at=_read_moment(query),
    )
    return _read_word(query, "mode", ImportMode) or ImportMode.VALID_ONLY, terms


def _read_word[W: StrEnum](query: QueryDict, name: str, words: type[W]) -> W | None:
    given = query.get(name)
    if given is None:
        return None
    if given not in set(words):
        raise ValidationFailed.of_field(name, f"must be one of {', '.join(words)}")
    return words(given)


def _read_reason(query: QueryDict) -> str:
    text = query.get("reason", "").strip()
    if len(text) > MAXIMUM_REASON or "\x00" in text:
        raise ValidationFailed.of_field("reason", f"must be text of at most {MAXIMUM_REASON} characters")
    return text


def _read_moment(query: QueryDict) -> datetime | None:
    if "expires_at" not in query:
        return None
    try:
        moment = datetime.fromisoformat(query.get("expires_at", ""))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValidationFailed.of_field("expires_at", "must be ISO 8601 with an offset")


def read_kind(request: HttpRequest) -> FileKind | None:
    """Return what the sender says the body is, None to find out; raises UnsupportedMediaType."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if request.content_type not in _KINDS or encoding not in _ENCODINGS:
        raise UnsupportedMediaType(
            "The body must be text/csv, application/x-ndjson or text/plain, packed with gzip or zip if you like."
        )
    return _KINDS[request.content_type]


@contextmanager
def spooled_body(request: HttpRequest) -> Iterator[IO[bytes]]:
    """Give the body as a file, read whole: it may take its sender minutes, for which no transaction should be open.

    Raises PayloadTooLarge, BodyCutOff.
    """
    with make_spool() as spool:
        spool.writelines(_stream_body(request))
        spool.seek(0)
        yield spool


def _stream_body(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes in, sent in chunks or not; raises PayloadTooLarge, and BodyCutOff at its end."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    is_chunked = "Transfer-Encoding" in request.headers  # then nobody knows how long it is
    if not is_chunked and (not length.isdigit() or int(length) > settings.IMPORT_MAXIMUM_BYTES):
        raise _make_too_large()
    total = 0
    while piece := _read_on(request):
        total += len(piece)
        if total > settings.IMPORT_MAXIMUM_BYTES:
            raise _make_too_large()
        yield piece
    if not is_chunked and total < int(length):
        raise BodyCutOff(details={"reason": "CUT_OFF"})


def _read_on(request: HttpRequest) -> bytes:
    try:
        return request.read(PIECE_BYTES)
    except UnreadablePostError:
        raise BodyCutOff(details={"reason": "CUT_OFF"}) from None


def _make_too_large() -> PayloadTooLarge:
    return PayloadTooLarge(details={"reason": "TOO_LARGE", "maximum_bytes": settings.IMPORT_MAXIMUM_BYTES})
