"""One handler makes the error envelope, on every path under /api/ (contract §6)."""

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import APIException

from core.api.request_id import is_api_path, plain_error
from core.api.responses import json_response
from core.errors import (
    AppError,
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    ServiceUnavailable,
)

_log = structlog.get_logger("errors")


def handle_exception(exception: Exception, context: dict[str, Any]) -> HttpResponse:
    """Return the envelope for whatever a view raised; what is not ours to explain becomes a 500."""
    return render_error(translate(exception))


def render_error(error: AppError) -> HttpResponse:
    """Return the error as `{"error": {"code", "message", "details"}}`."""
    body = {"error": {"code": error.code, "message": error.text, "details": error.details}}
    return json_response(body, status=error.status, headers=error.headers)


def translate(exception: Exception) -> AppError:
    """Turn any exception into one that a client may see; unknown ones are logged by kind and place, never by text."""
    match exception:
        case AppError():
            return exception
        case Http404():
            return NotFound()
        case RequestDataTooBig():
            return PayloadTooLarge()
        case APIException(status_code=405):
            return MethodNotAllowed()
        case OperationalError() | InterfaceError():
            log_failure(exception)
            return ServiceUnavailable()
        case _:
            log_failure(exception)
            return InternalError()


def log_failure(exception: Exception) -> None:
    """Log the kind and the innermost place of a failure; its text may hold a value from the request."""
    place = exception.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else None
    cause = exception.__cause__
    state = getattr(cause, "sqlstate", None) if isinstance(exception, DatabaseError) else None
    _log.error("failed", kind=type(exception).__name__, where=where, sqlstate=state)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: the envelope under /api/, a bare answer elsewhere."""
    return render_error(NotFound()) if is_api_path(request) else plain_error(404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, for what its middleware refuses (a foreign Host header, say)."""
    return render_error(AppError()) if is_api_path(request) else plain_error(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return render_error(Forbidden()) if is_api_path(request) else plain_error(403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return render_error(InternalError()) if is_api_path(request) else plain_error(500)
