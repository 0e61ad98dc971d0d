"""The pages in a browser, in both themes and languages: accessible, within their policy, light, without a script."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.web.preferences import COOKIE
from tests.e2e.conftest import Watched
from tests.e2e.looking import MOST_BYTES, count_bytes, list_barriers
from tests.web import running_web

pytestmark = pytest.mark.browser

PAGES = {"/styleguide": 200, "/styleguide/forms": 200, "/styleguide/waterfall": 200, "/no-such-page": 404}
LOOKS = [(theme, language) for theme in ("light", "dark") for language in ("es-mx", "en")]
HEADINGS = {
    ("/styleguide", "es-mx"): "Sistema de diseño",
    ("/styleguide", "en"): "Design system",
    ("/styleguide/forms", "es-mx"): "Formularios, gráficas y páginas vacías",
    ("/styleguide/forms", "en"): "Forms, charts and empty pages",
    ("/styleguide/waterfall", "es-mx"): "Cascada de señales",
    ("/styleguide/waterfall", "en"): "Waterfall of signals",
    ("/no-such-page", "es-mx"): "Esta página no existe",
    ("/no-such-page", "en"): "This page does not exist",
}


@pytest.fixture(scope="module")
def host(django_db_setup: None) -> Iterator[str]:
    """One server for all: these pages read no rows."""
    with running_web(workers=1) as web:
        yield f"http://127.0.0.1:{web.port}"


def _choose(page: Any, host: str, look: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": look, "url": host}])


def test_every_page_in_every_look_is_accessible_and_within_its_policy(watched: Watched, host: str) -> None:
    page = watched.page
    for theme, language in LOOKS:
        _choose(page, host, f"{theme}.compact.normal.{language}")
        for path, status in PAGES.items():
            where = f"{path} {theme} {language}"
            response = page.goto(f"{host}{path}")
            assert response.status == status, where
            assert page.locator("h1").inner_text() == HEADINGS[path, language], where
            assert list_barriers(page) == [], where
            assert watched.violations() == [], where
            assert page.evaluate("document.documentElement.scrollWidth") == 1366, where
    assert [line for line in watched.complaints if "404 (Not Found)" not in line] == []
    assert len(watched.complaints) == len(LOOKS), "the page that is not there, once a look, and nothing that it loads"
    assert [url for url in watched.requested if not url.startswith((f"{host}/", "data:"))] == []


def test_more_contrast_and_more_room_are_accessible_too(watched: Watched, host: str) -> None:
    for theme in ("light", "dark"):
        _choose(watched.page, host, f"{theme}.comfortable.more.es-mx")
        watched.page.goto(f"{host}/styleguide")
        assert list_barriers(watched.page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_screen(watched: Watched, host: str, path: str) -> None:
    watched.page.set_viewport_size({"width": 320, "height": 640})
    watched.page.goto(f"{host}{path}")
    assert watched.page.evaluate("document.documentElement.scrollWidth") == 320
    assert list_barriers(watched.page) == []


def test_the_side_bar_opens_on_a_narrow_screen(watched: Watched, host: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{host}/styleguide")
    assert not page.get_by_text("Simulación", exact=True).is_visible()
    page.get_by_role("button", name="Menú").click()
    assert page.get_by_text("Simulación", exact=True).is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(watched: Watched, host: str, path: str) -> None:
    assert 20_000 < count_bytes(watched.page, f"{host}{path}") <= MOST_BYTES


def test_menu_and_dialog_open_and_close_by_keyboard(watched: Watched, host: str) -> None:
    page = watched.page
    page.goto(f"{host}/styleguide")
    page.get_by_role("button", name="Más acciones").press("Enter")
    assert page.get_by_role("link", name="Ver historia").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Ver historia").is_visible()
    page.get_by_role("button", name="Liberar el pago…").press("Enter")
    dialog = page.get_by_role("dialog", name="¿Liberar este pago?")
    assert dialog.is_visible()
    assert list_barriers(page) == []
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_the_form_works_without_scripts(watched: Watched, host: str) -> None:
    context = watched.page.context.browser.new_context(java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.goto(f"{host}/styleguide")
    page.get_by_label("Oscuro").check()
    page.get_by_label("English").check()
    page.get_by_role("button", name="Guardar").first.click()
    assert page.title() == "Design system · Clausum"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    cookie = next(each for each in context.cookies() if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    page.get_by_role("button", name="More actions").click()
    assert page.get_by_role("link", name="See history").is_visible()
