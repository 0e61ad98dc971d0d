"""Every page, in each look, as everybody who may open it: accessible, within its policy, silent, light, never too wide."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.web.preferences import COOKIE
from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.looking import MOST_BYTES, count_bytes, list_barriers
from tests.e2e.validator import find_validator
from tests.e2e.visits import LOOKS, NOBODY, ROLES, Visitor, list_open_pages, make_visitor, sign_in
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLOSEST = {"320 px": (320, 640), "1366 by 768 at twice the size": (683, 384)}
"""What a zoom of 200 % leaves of a screen is half of it (WCAG 1.4.10, G224)."""


@pytest.fixture(scope="module")
def host(django_db_setup: None) -> Iterator[str]:
    """One server for all."""
    with running_web(workers=1) as web:
        yield f"http://127.0.0.1:{web.port}"


def _enter(watched: Watched, host: str, role: str, *, theme: str = "light", language: str = "es-mx") -> list[str]:
    """Sign in as somebody of that role, with those preferences, and return the pages that are open to them."""
    world = World()
    visitor = make_visitor(world, role)
    _dress(watched, host, visitor, theme, language)
    sign_in(watched.page, host, visitor)
    return list_open_pages(watched.page, host, world)


def _dress(watched: Watched, host: str, visitor: Visitor, theme: str, language: str) -> None:
    preferences = visitor.prefer(theme=theme, language=language)
    watched.page.context.add_cookies([{"name": COOKIE, "value": preferences.to_cookie(), "url": host}])


@pytest.mark.parametrize(("theme", "language"), LOOKS)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_within_its_policy(
    watched: Watched, host: str, role: str, theme: str, language: str
) -> None:
    page = watched.page
    addresses = _enter(watched, host, role, theme=theme, language=language)
    assert len(addresses) > (3 if role == NOBODY else 10)
    faults = []
    for address in addresses:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == {"es-mx": "es-MX", "en": "en"}[language], address
        assert page.locator("html").get_attribute("data-theme") == theme, address
        assert page.locator("h1").count() == 1, address
        width = page.evaluate("document.documentElement.scrollWidth")
        found = [*list_barriers(page), *watched.violations(), *(["too wide"] if width > 1366 else [])]
        faults += [f"{address.removeprefix(host)}: {fault}" for fault in found]
    assert faults == []
    assert watched.complaints == []
    assert [url for url in watched.requested if not url.startswith((f"{host}/", "data:"))] == []


@pytest.mark.parametrize("size", CLOSEST)
@pytest.mark.parametrize("role", ["admin", NOBODY])
def test_nothing_scrolls_sideways_where_there_is_little_room(watched: Watched, host: str, role: str, size: str) -> None:
    width, height = CLOSEST[size]
    watched.page.set_viewport_size({"width": width, "height": height})
    faults = []
    for address in _enter(watched, host, role):
        watched.page.goto(address)
        if (found := watched.page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{address.removeprefix(host)}: {found} px")
        faults += [f"{address.removeprefix(host)}: {each}" for each in list_barriers(watched.page)]
    assert faults == []


@pytest.mark.parametrize("role", ["admin", NOBODY])
def test_every_page_is_light(watched: Watched, host: str, role: str) -> None:
    addresses = _enter(watched, host, role)
    weights = {address.removeprefix(host): count_bytes(watched.page, address) for address in addresses}
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}
    assert all(weight > 20_000 for weight in weights.values()), "a page without its style sheets was weighed"


@pytest.mark.parametrize("role", ["admin", NOBODY])
def test_every_page_is_valid_html(watched: Watched, host: str, role: str, tmp_path: Path) -> None:
    validator = find_validator()
    for number, address in enumerate(_enter(watched, host, role)):
        text = watched.page.context.request.get(address).text()
        name = f"{number:03} {address.removeprefix(host).replace('/', ' ')}.html"
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [*validator, "--stdout", "--format", "gnu", "--skip-non-html", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.replace(f"{tmp_path}/", "").splitlines() == []
    assert done.returncode == 0
