"""Builds the OpenAPI 3.1 document: drf-spectacular finds the routes, each method's documentation says the rest."""

import inspect
from collections.abc import Iterable
from typing import Any, cast

import msgspec
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from core.api.openapi import ATTRIBUTE, REQUEST_ID, Documentation, ErrorBody, Kind, Parameter
from core.api.openapi_parts import HEADERS, SECURITY_SCHEMES, error_name, make_error_responses, refer_headers

type Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"
_EXACT_NUMBER = [{"type": "integer"}, {"type": "string", "format": "decimal"}]
_ON_EVERYTHING = (500, 503)


class UndocumentedMethod(TypeError):
    """A served method without @documented."""


class DocumentedSchema(AutoSchema):  # type: ignore[misc]
    """One operation from its method's documentation; one marked @undocumented is left out."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Json | None:
        """Return the operation, having registered the components that it refers to."""
        self.path, self.path_regex, self.method, self.registry = path, path_regex, method, registry
        handler = getattr(self.view, method.lower())
        if not hasattr(handler, ATTRIBUTE):
            raise UndocumentedMethod(f"{type(self.view).__name__}.{method.lower()} needs @documented")
        documentation: Documentation | None = getattr(handler, ATTRIBUTE)
        return self._describe(documentation, handler) if documentation else None

    def _describe(self, documentation: Documentation, handler: Any) -> Json:
        parameters = self._list_parameters(documentation)
        operation = {
            "operationId": documentation.name,
            "summary": documentation.summary,
            "description": inspect.getdoc(handler) or "",
            "tags": [documentation.tag],
            "security": [{scheme: []} if scheme else {} for scheme in documentation.credential.schemes],
            "parameters": parameters,
            "responses": self._list_responses(documentation, has_parameters=_takes_values(parameters)),
        }
        if documentation.request is not None:
            operation["requestBody"] = self._describe_body(documentation)
        return operation

    def _describe_body(self, documentation: Documentation) -> Json:
        content: Json = {"schema": self._refer(documentation.request)}
        if documentation.example is not None:
            content["example"] = documentation.example
        return {
            "required": documentation.is_body_required,
            "content": dict.fromkeys(documentation.media_types, content),
        }

    def _list_parameters(self, documentation: Documentation) -> list[Json]:
        variables = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        in_path: list[Json] = self._resolve_path_parameters(variables)
        given = (*documentation.parameters, *documentation.credential.parameters, REQUEST_ID)
        return [*in_path, *(self._describe_parameter(parameter) for parameter in given)]

    def _describe_parameter(self, parameter: Parameter) -> Json:
        return {
            "name": parameter.name,
            "in": parameter.place,
            "description": parameter.description,
            "schema": self._refer(parameter.kind),
        }

    def _list_responses(self, documentation: Documentation, *, has_parameters: bool) -> Json:
        headers = ["X-Request-Id", *documentation.credential.headers, *documentation.headers]
        responses = {str(status): self._answer(kind, headers) for status, kind in documentation.responses.items()}
        errors = _list_errors(documentation, has_parameters=has_parameters, has_path="{" in self.path)
        return responses | {
            str(status): {"$ref": f"#/components/responses/{error_name(status)}"}
            for status in errors
            if str(status) not in responses
        }

    def _answer(self, kind: Kind | None, headers: list[str]) -> Json:
        answer: Json = {"description": "Done." if kind is None else "The answer.", "headers": refer_headers(headers)}
        if kind is not None:
            answer["content"] = {"application/json": {"schema": self._refer(kind)}}
        return answer

    def _refer(self, kind: Kind) -> Json:
        """Return the type's schema, a reference for what has a name of its own, and register what it refers to."""
        (schema,), components = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
        register(self.registry, components)
        return cast(Json, tidy(schema))


def register(registry: ComponentRegistry, components: dict[str, Json]) -> None:
    """Add component schemas; raises TypeError when two types of one name differ."""
    for name, schema in components.items():
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=tidy(schema))
        if component in registry and registry[component].schema != component.schema:
            raise TypeError(f"two different types are called {name}")
        registry.register_on_missing(component)


def add_shared_parts(*, result: Json, **_context: object) -> Json:
    """Add what operations share (a drf-spectacular postprocessing hook)."""
    components = result["components"]
    _, errors = msgspec.json.schema_components([ErrorBody], ref_template=_REFERENCE)
    schemas = components.get("schemas", {}) | tidy(errors)
    result["components"] = components | {
        "schemas": dict(sorted(schemas.items())),
        "responses": make_error_responses(),
        "headers": HEADERS,
        "securitySchemes": SECURITY_SCHEMES,
    }
    return result


def tidy(schema: Any) -> Any:
    """Return msgspec's schema as JSON travels here: an exact number is a number, an enum of words is a string."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidied = {key: tidy(value) for key, value in schema.items() if not (key == "required" and value == [])}
    if schema.get("anyOf") == _EXACT_NUMBER:
        del tidied["anyOf"]
        tidied["type"] = "number"
    if "enum" in tidied and all(isinstance(word, str) for word in tidied["enum"]):
        tidied["type"] = "string"
    if isinstance(tidied.get("description"), str):
        tidied["description"] = inspect.cleandoc(tidied["description"])
    return tidied


def _takes_values(parameters: Iterable[Json]) -> bool:
    return any(parameter["in"] == "query" for parameter in parameters)


def _list_errors(documentation: Documentation, *, has_parameters: bool, has_path: bool) -> list[int]:
    of_body = (400, 413, 415) if documentation.request is not None else ()
    of_parameters = (400,) if has_parameters else ()
    of_path = (404,) if has_path else ()
    found = (*documentation.credential.errors, *documentation.errors, *of_body, *of_parameters, *of_path)
    return sorted({*found, *_ON_EVERYTHING})
