"""A page of HTML: in the reader's language and look, under a policy that takes everything from here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from core.web.preferences import Preferences, read_preferences

PAGE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}


@csp_override(PAGE_CSP)
def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    preferences: Preferences | None = None,
) -> HttpResponse:
    """Return the page; no cache keeps it, as it is one reader's."""
    chosen = preferences or read_preferences(request)
    with translation.override(chosen.language):
        response = render(request, template, {"preferences": chosen} | context, status=status)
    return finish_page(response, chosen)


def finish_page[R: HttpResponseBase](response: R, preferences: Preferences) -> R:
    """Give the page the headers that say whose it is."""
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = preferences.language_tag
    return response
