"""The 503 of a process that has too much to do: written from the first bytes of a request, without the application."""

import re
import uuid
from email.utils import formatdate

from core.api.responses import encode_json
from core.errors import AppError, ServiceUnavailable

HEALTH = b"/api/v1/health"
ASSESS = b"/api/v1/assess"

_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) (?:https?://[^/? ]*)?(/[^? \r\n]*)")
_REQUEST_ID = re.compile(rb"\r\nx-request-id:[ \t]*([A-Za-z0-9_-]{8,64})[ \t]*\r\n", re.IGNORECASE)  # contract §1


class AssessOverloaded(AppError):
    """More assessments wait than could be decided in time; nothing was done with this one."""

    status = 503
    code = "ASSESS_OVERLOADED"
    message = "More is asked than can be decided in time; try again as Retry-After says."


def _encode(error: AppError) -> bytes:
    return encode_json({"error": {"code": error.code, "message": error.text, "details": {}}})


_ASSESS_BODY = _encode(AssessOverloaded())
_OTHER_BODY = _encode(ServiceUnavailable())
_PLAIN, _JSON = b"text/plain; charset=utf-8", b"application/json"
_ANSWER = b"\r\n".join(
    [
        b"HTTP/1.1 503 Service Unavailable",
        b"Date: %(date)s",
        b"Connection: close",
        b"Content-Type: %(kind)s",
        b"Content-Length: %(length)d",
        b"Cache-Control: no-store",
        b"X-Content-Type-Options: nosniff",
        b"Retry-After: 1",
        b"X-Request-Id: %(request_id)s",
        b"",
        b"%(body)s",
    ]
)


def read_path(head: bytes) -> bytes:
    """Return the path that a request's first bytes ask for, or nothing when they do not say."""
    found = _REQUEST_LINE.match(head)
    return found[2] if found else b""


def asks_for_health(head: bytes) -> bool:
    """Say whether this is a probe, which is answered however much there is to do."""
    path = read_path(head)
    return path == HEALTH or path.startswith(HEALTH + b"/")


def make_refusal(head: bytes) -> bytes:
    """Return the whole 503 in the contract's envelope (§6), bare outside /api/; `head` is what has arrived so far."""
    body, kind = _choose_body(read_path(head))
    found = _REQUEST_ID.search(head)
    return _ANSWER % {
        b"date": formatdate(usegmt=True).encode(),
        b"kind": kind,
        b"length": len(body),
        b"request_id": found[1] if found else uuid.uuid4().hex.encode(),
        b"body": b"" if head.startswith(b"HEAD ") else body,
    }


def _choose_body(path: bytes) -> tuple[bytes, bytes]:
    if path == ASSESS or path.startswith(ASSESS + b"/"):
        return _ASSESS_BODY, _JSON
    return (_OTHER_BODY, _JSON) if path.startswith(b"/api/") else (b"", _PLAIN)
