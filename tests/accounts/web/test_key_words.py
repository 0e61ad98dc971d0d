"""What pages say of permissions is what the routes do."""

import pytest

from accounts.api.admission import KeyView
from accounts.permissions import KEY_PERMISSIONS
from accounts.rules.key_states import KeyState
from accounts.types import KeyType
from accounts.web.key_words import ENVIRONMENTS, KINDS, SCOPES, STATES, list_endpoints, list_scopes
from core.api.views import PUBLIC
from core.environments import Environment
from tests.architecture.routing import list_routes
from tests.architecture.test_routes import OPEN_BY_METHOD


def _open_to(key_type: KeyType, scope: str) -> set[str]:
    """Return the endpoints that a key of that kind with that permission gets into."""
    found = set()
    for route in list_routes():
        if not issubclass(route.view, KeyView) or key_type not in route.view.key_types:
            continue
        for method in route.methods:
            permission = route.view.permission
            needed = permission.get(method, PUBLIC) if isinstance(permission, dict) else permission
            if needed == scope and (method, route.path) not in OPEN_BY_METHOD:
                found.add(f"{method} {route.path}")
    return found


@pytest.mark.parametrize("key_type", [KeyType.SECRET, KeyType.PUBLISHABLE])
@pytest.mark.parametrize("scope", [name for name, scope in SCOPES.items() if not scope.is_coming])
def test_a_permission_names_the_endpoints_that_it_opens(key_type: KeyType, scope: str) -> None:
    if scope in list_scopes(key_type):
        assert set(list_endpoints(scope, key_type=key_type)) == _open_to(key_type, scope)


@pytest.mark.parametrize("scope", [name for name, scope in SCOPES.items() if scope.is_coming])
def test_what_is_said_to_come_is_not_there_yet(scope: str) -> None:
    assert _open_to(KeyType.SECRET, scope) == set()


def test_every_code_has_its_words() -> None:
    assert {scope for scopes in KEY_PERMISSIONS.values() for scope in scopes} == set(SCOPES)
    assert set(KINDS) == set(KeyType)
    assert set(STATES) == set(KeyState)
    assert set(ENVIRONMENTS) == set(Environment)
    assert list_scopes(KeyType.INGEST) == []
