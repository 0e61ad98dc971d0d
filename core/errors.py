"""Errors that a client may see. Services define their own beside the function that raises them."""

from collections.abc import Mapping
from typing import ClassVar, Self


class AppError(Exception):
    """A fact that ends a request: becomes `{"error": {"code", "message", "details"}}` (contract §6).

    `message` and `details` are shown to the client and may be logged, so they never hold a value from the request.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "VALIDATION_ERROR"
    message: ClassVar[str] = "The request is not valid."

    def __init__(
        self,
        message: str | None = None,
        *,
        details: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message or self.message)
        self.text = message or self.message
        self.details = details or {}
        self.headers = headers or {}


class ValidationFailed(AppError):
    """A field that is wrong: `details.fields` names it."""

    @classmethod
    def of_field(cls, field: str, message: str) -> "ValidationFailed":
        return cls(f"{field}: {message}", details={"fields": {field: [message]}})


class Unauthorized(AppError):
    status = 401
    code = "UNAUTHORIZED"
    message = "A valid credential is needed."

    def __init__(self, message: str | None = None, *, details: dict[str, object] | None = None) -> None:
        super().__init__(message, details=details, headers={"WWW-Authenticate": "Bearer"})  # RFC 9110 §11.6.1


class Forbidden(AppError):
    status = 403
    code = "FORBIDDEN"
    message = "This credential may not do that."


class NotFound(AppError):
    status = 404
    code = "NOT_FOUND"
    message = "There is nothing here."


class MethodNotAllowed(AppError):
    status = 405
    code = "METHOD_NOT_ALLOWED"
    message = "This method is not served here."


class Duplicate(AppError):
    status = 409
    code = "DUPLICATE"
    message = "This exists already."


class StaleForm(AppError):
    """Somebody changed the row after the form was opened; `details.fields` gives both versions of what differs.

    The contract (§6) tells a stale version by the code of any 409.
    """

    status = 409
    code = "DUPLICATE"
    message = "This was changed after it was read; nothing was saved."

    @classmethod
    def of_row(cls, row: object, wanted: Mapping[str, object]) -> Self:
        """Return the error that tells of each wanted field what the row has (`theirs`) and what was sent (`yours`)."""
        fields = {field: {"theirs": getattr(row, field), "yours": value} for field, value in wanted.items()}
        return cls(details={"fields": fields})


class PayloadTooLarge(AppError):
    status = 413
    code = "PAYLOAD_TOO_LARGE"
    message = "The body is larger than allowed."


class UnsupportedMediaType(AppError):
    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "The body must be application/json."


class InternalError(AppError):
    status = 500
    code = "INTERNAL_ERROR"
    message = "Something failed on our side; the request id finds it."


class ServiceUnavailable(AppError):
    status = 503
    code = "SERVICE_UNAVAILABLE"
    message = "The service cannot answer just now."

    def __init__(self, message: str | None = None, *, details: dict[str, object] | None = None) -> None:
        super().__init__(message, details=details, headers={"Retry-After": "1"})
