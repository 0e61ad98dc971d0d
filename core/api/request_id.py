"""X-Request-Id on every answer, one access line per request, and the envelope for what never reached a view."""

import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.api.addresses import read_client_address
from core.caller import Caller, current_caller
from core.clock import read_clock, read_monotonic_ms
from core.ids import make_uuid7

_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")  # contract §1
_log = structlog.get_logger("request")


class RequestIdMiddleware:
    """Outermost: names the request, times it, logs its route and status, and nothing the client wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = read_monotonic_ms()
        request_id = read_request_id(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        token = current_caller.set(Caller(read_client_address(request) or None, request_id))
        try:
            response = self.get_response(request)
        finally:
            current_caller.reset(token)
        response["X-Request-Id"] = request_id
        _log_access(request, response, milliseconds=read_monotonic_ms() - started)
        return response


def read_request_id(request: HttpRequest) -> str:
    """Return the client's X-Request-Id when it has the accepted form, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    return given if _ACCEPTED.fullmatch(given) else make_uuid7(at=read_clock()).hex


def _log_access(request: HttpRequest, response: HttpResponseBase, *, milliseconds: float) -> None:
    match = request.resolver_match
    _log.info(
        "request",
        method=request.method
        if request.method in {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"}
        else "other",
        route=match.route if match else None,
        status=response.status_code,
        ms=round(milliseconds, 1),
    )


def is_api_path(request: HttpRequest) -> bool:
    """Say whether errors of this path wear the contract's envelope."""
    return request.path.startswith("/api/")


def plain_error(status: int) -> HttpResponse:
    """Return a bare error for paths outside /api/."""
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
