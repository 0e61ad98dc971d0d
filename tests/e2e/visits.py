"""Every page of the product, and the browsers of those who may open it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.hashers import ScryptPasswordHasher

from accounts.models import User
from accounts.types import Role
from core.web.preferences import Preferences
from core.web.views import PageView
from tests.architecture.routing import Route, list_routes
from tests.architecture.test_page_routes import ROWS, WHO
from tests.architecture.world import PEOPLE, World
from tests.factories.accounts import PASSWORD, make_member

NOBODY = "nobody"
ROLES: dict[str, Role | None] = {role.value: role for role in Role} | {NOBODY: None}
LOOKS = [(theme, language) for theme in ("light", "dark") for language in ("es-mx", "en")]
NOT_PAGES = {
    "/": "sends on",
    "/dashboard/palette/entries": "options of a listbox, inside a page",
    "/dashboard/account/second-factor/codes/download": "a file",
    "/dashboard/protection/blocklists/import/template": "a file",
    "/dashboard/protection/blocklists/imports/{batch_id}/refused": "a file",
}
"""What answers a GET with something else than a page of HTML."""

OPEN = 200


@dataclass(frozen=True)
class Visitor:
    """Somebody of the bank, by role, or nobody; `user` is who signs in."""

    role: str
    user: User | None

    def prefer(self, *, theme: str, language: str) -> Preferences:
        """Keep how the visitor wants the pages, as the account page does, and return it."""
        preferences = Preferences(theme=theme, language=language)
        if self.user is not None:
            User.objects.filter(pk=self.user.pk).update(preferences=preferences.to_values())
        return preferences


def make_visitor(world: World, role: str) -> Visitor:
    """Make somebody of the world's bank."""
    named = ROLES[role]
    if named is None:
        return Visitor(role, None)
    user = make_member(organization=world.bank, role=named).user
    User.objects.filter(pk=user.pk).update(password=_hash_password())
    return Visitor(role, user)


@cache
def _hash_password() -> str:
    """Return the hash that the server knows; the tests' own are of a quicker kind."""
    hasher = ScryptPasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt())


def sign_in(page: Any, host: str, visitor: Visitor) -> None:
    """Sign the visitor in through the form, as a person does."""
    if visitor.user is not None:
        fill_sign_in(page, host, visitor)
        page.wait_for_url(f"{host}/dashboard/**")


def fill_sign_in(page: Any, host: str, visitor: Visitor) -> None:
    """Send the sign-in form with the visitor's address and password."""
    assert visitor.user is not None
    page.goto(f"{host}/login")
    page.locator("[name=login]").fill(visitor.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


def list_pages() -> list[str]:
    """Return the path of every page, with `{names}` where objects go; what is no page has a reason in NOT_PAGES."""
    return sorted({route.path for route in list_routes() if _is_page(route)} - set(NOT_PAGES))


def _is_page(route: Route) -> bool:
    return "GET" in route.methods and issubclass(route.view, PageView)


def list_open_pages(page: Any, host: str, world: World, role: str) -> list[str]:
    """Return the addresses of the pages that the table opens to the role; any page that answers otherwise fails."""
    expected = {path: read_status(path, role) for path in list_pages()}
    found = {path: _ask(page, host + world.path(path)) for path in expected}
    assert found == expected
    return [host + world.path(path) for path, status in expected.items() if status == OPEN]


def read_status(path: str, role: str) -> int:
    """Return what the table says that the role gets for the page."""
    named = ROLES[role]
    column = next(who for who, held in PEOPLE.items() if held is named) if named else NOBODY
    return ROWS["GET", path][WHO.index(column)]


def _ask(page: Any, address: str) -> int:
    answer = page.context.request.get(address, max_redirects=0, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html"), address
    status: int = answer.status
    return status
