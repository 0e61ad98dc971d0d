"""Headers that make every answer of ours useless to a page of somebody else. Django's own middleware sets the CSP."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.api.request_id import is_api_path

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics", "display-capture")
)


class SecurityHeadersMiddleware:
    """Adds what Django does not: powers of the browser given up, and no storing of an answer that is silent on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if is_api_path(request):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
