"""The parts of the OpenAPI document that operations share: errors, headers, security schemes."""

from typing import Any

ERROR_CODES: dict[int, tuple[str, ...]] = {  # contract §6
    400: ("VALIDATION_ERROR", "INVALID_TYPE", "INVALID_SEVERITY"),
    401: ("UNAUTHORIZED",),
    403: ("FORBIDDEN", "SECRET_KEY_REQUIRED", "PUBLIC_KEY_NOT_ALLOWED"),
    404: ("NOT_FOUND",),
    405: ("METHOD_NOT_ALLOWED",),
    409: ("DUPLICATE",),
    413: ("PAYLOAD_TOO_LARGE",),
    415: ("UNSUPPORTED_MEDIA_TYPE",),
    429: ("RATE_LIMIT_EXCEEDED", "RATE_LIMITED"),
    500: ("INTERNAL_ERROR",),
    503: ("ASSESS_MAINTENANCE", "ASSESS_OVERLOADED", "RATE_LIMIT_STORE_UNAVAILABLE", "SERVICE_UNAVAILABLE"),
    504: ("ASSESS_TIMEOUT",),
}
_MEANINGS: dict[int, tuple[str, str]] = {
    400: ("BadRequest", "The content is wrong; `details.fields` names each wrong field."),
    401: ("Unauthorized", "No credential, or none that is live and of a kind that this endpoint takes."),
    403: ("Forbidden", "The credential is good but may not do this."),
    404: ("NotFound", "There is no such object of this organization and environment."),
    405: ("MethodNotAllowed", "This path does not serve that method; `Allow` lists those that it does."),
    409: ("Conflict", "It conflicts with what is there; `details.reason` says how, where there are several ways."),
    413: ("ContentTooLarge", "The body is larger than allowed; `details.maximum_bytes` says how large it may be."),
    415: ("UnsupportedMediaType", "The body must be application/json in UTF-8."),
    429: ("TooManyRequests", "Too many calls; `Retry-After` says when to come back."),
    500: ("InternalError", "Something failed on our side; the request id finds it."),
    503: ("ServiceUnavailable", "Not now; retry after `Retry-After`, with the same idempotency key."),
    504: ("Timeout", "The deadline passed before the decision was acknowledged; retry with the same idempotency key."),
}
_BEFORE_COUNTING = (401, 405)
_RETRY_AFTER = (409, 429, 503)
RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "The id of this request, yours when you sent one of the accepted form.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
    },
    "Idempotency-Replayed": {
        "description": "Stands with `true` on an answer that repeats the first call's.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "X-RateLimit-Limit": {
        "description": "Calls admitted in the window; absent for a key without a limit.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "X-RateLimit-Remaining": {
        "description": "Calls left in the window.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "X-RateLimit-Reset": {
        "description": "When the window ends, in Unix seconds.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Deprecation": {
        "description": "Stands on the answer to a call whose key came in the URL (RFC 9745).",
        "schema": {"type": "string", "pattern": "^@[0-9]+$"},
    },
}

SECURITY_SCHEMES: dict[str, dict[str, Any]] = {
    "secretKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "clm_sk_…",
        "description": "A secret key, for servers only.",
    },
    "publishableKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "clm_pub_…",
        "description": "A publishable key, for a checkout page or an app: `POST /api/v1/assess` only.",
    },
    "keyInQuery": {
        "type": "apiKey",
        "in": "query",
        "name": "api_key",
        "description": "Deprecated: the same key in the URL. An organization can switch it off.",
    },
    "accessToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A person's token of 15 minutes, from `POST /api/v1/auth/token`.",
    },
}


def error_name(status: int) -> str:
    """Return the name of the shared response of that status."""
    return _MEANINGS[status][0]


def make_error_responses() -> dict[str, dict[str, Any]]:
    """Return the shared response of every error status."""
    return {error_name(status): _make_error_response(status) for status in ERROR_CODES}


def _make_error_response(status: int) -> dict[str, Any]:
    codes = ", ".join(f"`{code}`" for code in ERROR_CODES[status])
    names = ["X-Request-Id"]
    names += [] if status in _BEFORE_COUNTING else RATE_HEADERS
    names += ["Retry-After"] if status in _RETRY_AFTER else []
    return {
        "description": f"{_MEANINGS[status][1]} Codes: {codes}.",
        "headers": refer_headers(names),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
    }


def refer_headers(names: list[str]) -> dict[str, dict[str, str]]:
    """Return references to shared headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
