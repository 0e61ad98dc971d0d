"""A view says who may call it and what it answers, or it does not come to be."""

import pytest

from accounts.api.admission import KeyView, SessionView
from accounts.permissions import KEY_PERMISSIONS, ROLE_PERMISSIONS
from core.api.openapi import ATTRIBUTE
from core.api.views import PUBLIC, PublicView
from core.web.views import PageView
from tests.architecture.routing import is_api, list_routes

UNDOCUMENTED = {"/api/docs": "a page", "/api/schema": "the document itself"}


@pytest.mark.parametrize("base", [KeyView, SessionView, PublicView, PageView])
def test_a_view_without_permission_fails_at_import(base: type) -> None:
    with pytest.raises(TypeError, match="declares no permission"):
        type("ForgetfulView", (base,), {"get": lambda self, request: None})


@pytest.mark.parametrize("base", [KeyView, SessionView, PublicView])
def test_a_view_with_permission_comes_to_be(base: type) -> None:
    assert type("CarefulView", (base,), {"permission": "cases:read"}).is_base is False  # type: ignore[attr-defined]


def test_every_permission_that_a_view_asks_for_is_somebodys() -> None:
    held = frozenset().union(*KEY_PERMISSIONS.values(), *ROLE_PERMISSIONS.values())
    asked = set()
    for route in list_routes():
        if is_api(route):
            permission = route.view.permission
            asked |= set(permission.values()) if isinstance(permission, dict) else {permission}
    assert asked - {PUBLIC} <= held


def test_a_view_that_asks_per_method_asks_for_every_method_that_it_serves() -> None:
    silent = [
        (route.path, method)
        for route in list_routes()
        if is_api(route) and isinstance(route.view.permission, dict)
        for method in route.methods
        if method not in route.view.permission
    ]
    assert silent == []


def test_every_method_is_documented() -> None:
    silent = [
        (route.path, method)
        for route in list_routes()
        if is_api(route) and route.path not in UNDOCUMENTED
        for method in route.methods - {"OPTIONS"}
        if getattr(getattr(route.view, method.lower()), ATTRIBUTE, None) is None
    ]
    assert silent == []
