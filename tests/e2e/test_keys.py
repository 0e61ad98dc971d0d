"""From the sign-in to a key that works, as a new admin goes, with the keyboard alone; and the same without a script."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from accounts.models import Membership
from tests.e2e.conftest import Watched
from tests.factories.accounts import PASSWORD, make_member, make_organization
from tests.web import running_web

pytestmark = pytest.mark.browser

AXE = Path(django_settings.BASE_DIR) / "tests/vendor/axe-core-4.14.1/axe.min.js"
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"


@pytest.fixture
def admin(transactional_db: None, settings: Any) -> Membership:
    """An admin whose password the server can check."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    return make_member(organization=make_organization())


def _sign_in(page: Any, host: str, admin: Membership) -> None:
    page.goto(f"{host}/login?next=/dashboard/connections/keys")
    page.get_by_label("Correo electrónico").fill(admin.user.email)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _list_barriers(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


def _tab_to(page: Any, name: str) -> None:
    """Press Tab until what has that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(name) => document.activeElement.textContent.trim() === name", name):
            return
    pytest.fail(f"the keyboard does not reach {name}")


def _run(command: str) -> str:
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, timeout=30).stdout


def test_a_key_is_made_saved_and_used_with_the_keyboard_alone(admin: Membership, watched: Watched) -> None:
    page = watched.page
    with running_web(workers=1) as web:
        host = f"http://127.0.0.1:{web.port}"
        _sign_in(page, host, admin)
        assert _list_barriers(page) == []
        _tab_to(page, "Crear clave de pruebas")
        page.keyboard.press("Enter")
        page.get_by_text("Guarde la clave ahora").first.wait_for()
        assert _list_barriers(page) == []
        assert '"decision"' in _run(page.locator("#first-call").inner_text())
        _tab_to(page, "Continuar")
        page.keyboard.press("Enter")
        assert page.locator("#is-saved").evaluate("box => box.matches(':invalid') && box === document.activeElement")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard/connections/keys/*-*")
        assert "1 llamada hoy" in page.locator("main").inner_text()
        assert _list_barriers(page) == []
        assert watched.violations() == []
    assert watched.complaints == []


def test_a_browser_key_is_asked_for_and_rotated_without_a_script(admin: Membership, watched: Watched) -> None:
    context = watched.page.context.browser.new_context(java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    with running_web(workers=1) as web:
        host = f"http://127.0.0.1:{web.port}"
        _sign_in(page, host, admin)
        page.get_by_role("link", name="Crear otra clase de clave").click()
        page.get_by_role("link", name="Crear clave de navegador").click()
        page.get_by_label("Nombre").fill("Página de pago")
        page.get_by_label("Orígenes permitidos").fill("https://pagos.example")
        page.get_by_role("button", name="Crear clave").click()
        assert '"decision"' in _run(page.locator("#first-call").inner_text())
        page.get_by_label("Ya la guardé en un lugar seguro").check()
        page.get_by_role("button", name="Continuar").click()
        page.get_by_role("link", name="Rotar").click()
        page.get_by_role("button", name="Rotar y mostrar la nueva").click()
        page.get_by_label("Ya la guardé en un lugar seguro").check()
        page.get_by_role("button", name="Continuar").click()
        assert "La anterior aún se usa: 1 llamada hoy" in page.locator("main").inner_text()
