"""Every route of the product, found in the URL configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from core.api.views import ApiView

_CONVERTER = re.compile(r"<(?:[a-z]+:)?([a-z_0-9]+)>")


@dataclass(frozen=True)
class Route:
    """A path with `{names}` where objects go, the view behind it and the methods that it serves."""

    path: str
    view: Any
    methods: frozenset[str]


def list_routes() -> list[Route]:
    """Return all routes, whoever may call them."""
    return [_make_route(prefix, pattern) for prefix, pattern in _walk(get_resolver().url_patterns, "")]


def list_operations() -> set[tuple[str, str]]:
    """Return (method, path) of all that is served; HEAD goes with GET."""
    return {(method, route.path) for route in list_routes() for method in route.methods}


def is_api(route: Route) -> bool:
    return issubclass(route.view, ApiView)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here, pattern


def _make_route(path: str, pattern: URLPattern) -> Route:
    view: Any = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
    names = pattern.callback.view_initkwargs.get("http_method_names", view.http_method_names)  # type: ignore[attr-defined]
    named = [name for name in names if callable(getattr(view, name, None)) and name != "head"]
    return Route("/" + _CONVERTER.sub(r"{\1}", path), view, frozenset(name.upper() for name in named))
