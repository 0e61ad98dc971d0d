"""The frame by keyboard: sign-in, palette, letters that go places, the warning of idleness, and life offline."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.looking import list_barriers
from tests.e2e.visits import Visitor, make_visitor, sign_in
from tests.factories.accounts import PASSWORD
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def host(django_db_setup: None) -> Iterator[str]:
    """One server for all."""
    with running_web(workers=1) as web:
        yield f"http://127.0.0.1:{web.port}"


@pytest.fixture
def admin(watched: Watched, host: str) -> Any:
    """The page of an admin who has just signed in."""
    sign_in(watched.page, host, make_visitor(World(), "admin"))
    watched.page.goto(f"{host}/dashboard/account")
    return watched.page


def _focused(page: Any) -> str:
    name: str = page.evaluate("document.activeElement.name ?? document.activeElement.tagName")
    return name


def test_one_signs_in_with_the_keyboard_alone(watched: Watched, host: str) -> None:
    visitor: Visitor = make_visitor(World(), "viewer")
    assert visitor.user is not None
    page = watched.page
    page.goto(f"{host}/login?next=/dashboard/account")
    for _ in range(5):
        if _focused(page) == "login":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(visitor.user.email)
    page.keyboard.press("Tab")
    assert _focused(page) == "password"
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host}/dashboard/account")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert watched.complaints == []


def test_the_palette_finds_a_page_and_remembers_it(admin: Any, watched: Watched, host: str) -> None:
    admin.keyboard.press("Control+k")
    field = admin.get_by_role("combobox", name="Buscar o ir a…")
    assert field.evaluate("field => field === document.activeElement")
    field.press_sequentially("sesion")
    option = admin.get_by_role("option", name="Sesiones abiertas", selected=True)
    option.wait_for()
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert list_barriers(admin) == []
    admin.keyboard.press("ArrowDown")
    assert admin.get_by_role("option", name="Cerrar sesión").get_attribute("aria-selected") == "true"
    admin.keyboard.press("ArrowUp")
    admin.keyboard.press("Enter")
    admin.wait_for_url(f"{host}/dashboard/account/sessions")
    admin.keyboard.press("Control+k")
    admin.get_by_role("group", name="Recientes").get_by_role("option", name="Sesiones abiertas").wait_for()
    admin.keyboard.press("Escape")
    assert not field.is_visible()
    assert (watched.violations(), watched.complaints) == ([], [])


def test_the_palette_says_when_nothing_matches_and_opens_a_tab(admin: Any, host: str) -> None:
    admin.get_by_role("link", name="Buscar o ir a…").click()
    admin.keyboard.type("zzz")
    admin.get_by_text("Nada coincide.").wait_for()
    assert admin.get_by_role("option").count() == 0
    admin.keyboard.press("Control+a")
    admin.keyboard.type("api")
    admin.get_by_role("option", selected=True).wait_for()
    with admin.context.expect_page() as opened:
        admin.keyboard.press("Control+Enter")
    assert opened.value.url.startswith(host)
    assert admin.url == f"{host}/dashboard/account"


def test_letters_go_places_except_in_a_field(admin: Any, host: str) -> None:
    admin.keyboard.press("?")
    dialog = admin.get_by_role("dialog", name="Atajos de teclado")
    assert dialog.is_visible()
    assert list_barriers(admin) == []
    admin.keyboard.press("Escape")
    assert not dialog.is_visible()
    admin.locator("main input[name=name]").focus()
    admin.keyboard.type("gk?")
    assert not dialog.is_visible()
    assert admin.url == f"{host}/dashboard/account"
    admin.locator("body").click(position={"x": 700, "y": 5})
    admin.keyboard.press("g")
    admin.keyboard.press("k")
    admin.wait_for_url(f"{host}/dashboard/connections/keys")
    admin.goto(f"{host}/dashboard/palette")
    admin.keyboard.press("/")
    assert _focused(admin) == "q"
    assert admin.locator("input[name=q]").input_value() == ""


def test_letters_are_off_for_whoever_wants_them_off(admin: Any, host: str) -> None:
    admin.get_by_role("group", name="Atajos de teclado").get_by_label("Apagados").check()
    admin.locator("#preferences button[type=submit]").click()
    admin.get_by_text("Sus preferencias quedaron guardadas.").wait_for()
    admin.keyboard.press("?")
    admin.keyboard.press("g")
    admin.keyboard.press("k")
    assert not admin.get_by_role("dialog", name="Atajos de teclado").is_visible()
    admin.keyboard.press("Control+k")
    assert admin.get_by_role("dialog", name="Buscar o ir a…").is_visible()
    assert admin.url == f"{host}/dashboard/account"


def test_idleness_is_warned_of_and_one_may_stay(watched: Watched, host: str) -> None:
    page = watched.page
    page.clock.install()
    sign_in(page, host, make_visitor(World(), "analyst"))
    page.goto(f"{host}/dashboard/account")
    warning = page.get_by_role("alertdialog", name="¿Sigue ahí?")
    page.clock.fast_forward("27:50")
    assert not warning.is_visible()
    page.clock.fast_forward("00:15")
    warning.wait_for()
    assert list_barriers(page) == []
    with page.expect_response("**/keep-alive") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 204
    warning.wait_for(state="hidden")
    page.clock.fast_forward("27:50")
    assert not warning.is_visible()


def test_a_lost_connection_is_told_until_it_is_back(admin: Any) -> None:
    banner = admin.locator("#offline")
    assert not banner.is_visible()
    admin.context.set_offline(True)
    admin.get_by_text("Sin conexión: los datos pueden estar atrasados (").wait_for()
    admin.context.set_offline(False)
    banner.wait_for(state="hidden")


def test_a_copied_text_is_on_the_clipboard_and_told(watched: Watched, host: str) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=host)
    page.goto(f"{host}/styleguide/forms")
    page.get_by_role("button", name="Copiar").click()
    page.get_by_text("Copiado", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl https://clausum.example/")


def test_everything_in_the_frame_works_without_scripts(watched: Watched, host: str) -> None:
    context = watched.page.context.browser.new_context(java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    sign_in(page, host, make_visitor(World(), "admin"))
    page.goto(f"{host}/dashboard/account")
    page.get_by_role("button", name="Encoger el menú").click()
    assert page.locator("html").get_attribute("data-side-bar") == "narrow"
    page.get_by_role("link", name="Buscar o ir a…").click()
    page.get_by_label("Página o acción").fill("contraseña")
    page.get_by_role("button", name="Buscar", exact=True).click()
    page.get_by_role("link", name="Cambiar la contraseña").click()
    assert page.url == f"{host}/dashboard/account/password"
    page.get_by_role("button", name="Cuenta de").click()
    page.get_by_role("button", name="Cerrar sesión").click()
    page.wait_for_url(f"{host}/login**")
