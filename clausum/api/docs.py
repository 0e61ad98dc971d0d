"""The OpenAPI document and its browsable form, offline: every asset is served from here."""

from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from rest_framework.request import Request

from core.api.openapi import undocumented
from core.api.responses import encode_json
from core.api.views import PUBLIC, PublicView
from core.errors import ValidationFailed

MEDIA_TYPES = {"json": "application/json", "yaml": "application/yaml"}

DOCS_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
"""Swagger UI's own pictures are data: URLs in its style sheet."""


class SchemaView(PublicView):
    """`/api/schema`: JSON, or YAML with `?format=yaml`."""

    permission = PUBLIC

    @undocumented
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI 3.1 document of this very version."""
        form = _read_format(request._request)
        return HttpResponse(
            render_schema(form), content_type=MEDIA_TYPES[form], headers={"Cache-Control": "public, max-age=300"}
        )


@method_decorator(csp_override(DOCS_CSP), name="dispatch")
class DocsView(PublicView):
    """`/api/docs`: the same for a reader, to try out."""

    permission = PUBLIC

    @undocumented
    def get(self, request: Request) -> HttpResponse:
        """Return the page; its script reads /api/schema."""
        response = render(request._request, "api/docs.html")
        response["Cache-Control"] = "public, max-age=300"
        return response


def _read_format(request: HttpRequest) -> str:
    form = request.GET.get("format", "json")
    if form not in MEDIA_TYPES:
        raise ValidationFailed.of_field("format", "must be json or yaml")
    return form


@cache
def render_schema(form: str) -> bytes:
    """Return the document as JSON or YAML; the same bytes every time."""
    document = make_document()
    if form == "json":
        return encode_json(document)
    return cast(bytes, OpenApiYamlRenderer().render(document))


def make_document() -> dict[str, Any]:
    """Return the OpenAPI document of all routes."""
    return cast(dict[str, Any], SchemaGenerator().get_schema(request=None, public=True))
