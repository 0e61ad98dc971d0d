"""How a method's documentation becomes an operation."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import ComponentRegistry
from msgspec import Meta
from rest_framework.request import Request

import clausum.urls  # noqa: F401  every service with its errors
from core.api.openapi import ANYBODY, MANAGEMENT, PARTNER, Parameter, documented
from core.api.openapi_parts import ERROR_CODES
from core.api.responses import json_response
from core.api.schema import UndocumentedMethod, register, tidy
from core.api.views import PUBLIC, PublicView
from core.errors import AppError


class Weight(msgspec.Struct):
    """What it weighs.

    In grams.
    """

    grams: Annotated[int | Decimal, Meta(description="exact")]
    note: str | None = None


class WeighedView(PublicView):
    permission = PUBLIC

    @documented(
        "weigh",
        summary="Weigh",
        tag="Weights",
        credential=PARTNER,
        request=Weight,
        responses={201: Weight},
        parameters=(Parameter(name="scale", kind=int, description="Which one."),),
        errors=(409,),
        headers=("Idempotency-Replayed",),
        example={"grams": 3},
    )
    def post(self, request: Request, scale_id: str) -> HttpResponse:
        """Weigh something."""
        return json_response({})


class SilentView(PublicView):
    permission = PUBLIC

    def get(self, request: Request) -> HttpResponse:
        return json_response({})


def _describe(view: type[PublicView], route: str) -> dict[str, Any]:
    generator = SchemaGenerator(patterns=[path(route, view.as_view())])
    document: dict[str, Any] = generator.get_schema(request=None, public=True)
    return document


def test_an_operation_says_all_that_its_method_does() -> None:
    document = _describe(WeighedView, "api/v1/scales/<str:scale_id>")
    operation = document["paths"]["/api/v1/scales/{scale_id}"]["post"]
    assert (operation["operationId"], operation["summary"], operation["tags"]) == ("weigh", "Weigh", ["Weights"])
    assert operation["description"] == "Weigh something."
    assert operation["security"] == [{"secretKey": []}, {"keyInQuery": []}]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["scale_id", "scale", "X-Request-Id"]
    assert operation["requestBody"]["content"]["application/json"] == {
        "schema": {"$ref": "#/components/schemas/Weight"},
        "example": {"grams": 3},
    }
    statuses = ["201", "400", "401", "403", "404", "409", "413", "415", "429", "500", "503"]
    assert sorted(operation["responses"]) == statuses
    assert "Idempotency-Replayed" in operation["responses"]["201"]["headers"]


def test_a_struct_becomes_a_schema_as_it_travels() -> None:
    weight = _describe(WeighedView, "api/v1/scales/<str:scale_id>")["components"]["schemas"]["Weight"]
    assert weight == {
        "title": "Weight",
        "description": "What it weighs.\n\nIn grams.",
        "type": "object",
        "properties": {
            "grams": {"description": "exact", "type": "number"},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        },
        "required": ["grams"],
    }


def test_a_method_without_documentation_stops_the_document() -> None:
    with pytest.raises(UndocumentedMethod, match=r"SilentView\.get"):
        _describe(SilentView, "api/v1/silent")


def test_two_different_types_of_one_name_stop_the_document() -> None:
    registry = ComponentRegistry()
    register(registry, {"Weight": {"type": "object"}})
    register(registry, {"Weight": {"type": "object"}})
    with pytest.raises(TypeError, match="Weight"):
        register(registry, {"Weight": {"type": "string"}})


def test_an_enum_of_words_is_a_string_and_one_of_numbers_is_not() -> None:
    assert tidy({"enum": ["a", "b"]}) == {"enum": ["a", "b"], "type": "string"}
    assert tidy({"enum": [0, 24]}) == {"enum": [0, 24]}


def test_who_needs_no_credential_is_refused_none() -> None:
    assert ANYBODY.schemes == ()
    assert ANYBODY.errors == ()
    assert set(PARTNER.errors) < set(MANAGEMENT.errors)


def _all_errors(kind: type[AppError]) -> set[type[AppError]]:
    return {kind}.union(*(_all_errors(one) for one in kind.__subclasses__()))


def test_every_error_of_ours_stands_in_the_contracts_table() -> None:
    wrong = [
        f"{error.__name__}: {error.status} {error.code}"
        for error in _all_errors(AppError)
        if not error.__module__.startswith("tests") and error.code not in ERROR_CODES.get(error.status, ())
    ]
    assert wrong == []
