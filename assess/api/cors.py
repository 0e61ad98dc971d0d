"""Browsers of other origins, for the one endpoint that a browser may call (contract §1)."""

from django.http import HttpRequest, HttpResponse

from accounts.queries import is_origin_of_any_key
from accounts.types import KeyFacts, KeyType

EXPOSED = "X-Request-Id, Idempotency-Replayed, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
ALLOWED = "Authorization, Content-Type, Idempotency-Key, X-Request-Id, Accept-Language"


def answer_preflight(request: HttpRequest) -> HttpResponse:
    """Allow the origin when some live publishable key lists it; credentials never."""
    origin = request.headers.get("Origin", "")
    response = HttpResponse(status=204)
    response["Vary"] = "Origin"
    if origin and is_origin_of_any_key(origin=origin.lower()):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "POST"
        response["Access-Control-Allow-Headers"] = ALLOWED
        response["Access-Control-Expose-Headers"] = EXPOSED
        response["Access-Control-Max-Age"] = "600"
    return response


def make_cors_headers(request: HttpRequest, key: KeyFacts | None) -> dict[str, str]:
    """Return the headers with which a browser may read the answer, when its key lists the origin."""
    origin = request.headers.get("Origin", "")
    if key is None or key.key_type is not KeyType.PUBLISHABLE or origin.lower() not in key.allowed_origins:
        return {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED, "Vary": "Origin"}
