"""One payment is simulated as an analyst does it, without a script, in both themes and on a narrow screen."""

from typing import Any

import pytest

from accounts.models import Membership
from accounts.types import Role
from tests.e2e.conftest import Watched
from tests.e2e.looking import MOST_BYTES, list_barriers
from tests.factories.accounts import PASSWORD, make_member, make_organization
from tests.web import running_web

pytestmark = pytest.mark.browser


@pytest.fixture
def analyst(transactional_db: None, settings: Any) -> Membership:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    return make_member(organization=make_organization(), role=Role.ANALYST)


def _sign_in(page: Any, host: str, member: Membership) -> None:
    page.goto(f"{host}/login?next=/dashboard/simulation")
    page.get_by_label("Correo electrónico").fill(member.user.email)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def test_a_scenario_is_simulated_changed_and_told_in_full(analyst: Membership, watched: Watched) -> None:
    page = watched.page
    with running_web(workers=1) as web:
        _sign_in(page, f"http://127.0.0.1:{web.port}", analyst)
        page.get_by_role("link", name="Cuenta mula").click()
        page.get_by_role("button", name="Simular").click()
        result = page.locator("#result")
        assert "50 puntos" in result.inner_text()
        assert "Verificar" in result.inner_text()
        page.get_by_label("Límite del usuario (MTU)").evaluate("field => field.closest('details').open = true")
        page.get_by_label("Límite del usuario (MTU)").fill("5,000.00")
        page.get_by_role("button", name="Simular").click()
        page.get_by_text("80 puntos", exact=True).wait_for()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert list_barriers(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert list_barriers(page) == []
        assert len(page.content().encode()) < MOST_BYTES
        assert (watched.violations(), watched.complaints) == ([], [])


def test_a_wrong_body_is_told_without_a_script(analyst: Membership, watched: Watched) -> None:
    plain = watched.page.context.browser.new_context(java_script_enabled=False, locale="es-MX")
    page = plain.new_page()
    with running_web(workers=1) as web:
        _sign_in(page, f"http://127.0.0.1:{web.port}", analyst)
        page.get_by_role("link", name="JSON").click()
        page.get_by_label("Cuerpo en JSON").fill('{"amount": -1, "currency": "MXN", "beneficiary": {"country": "MX"}}')
        page.get_by_role("button", name="Simular").click()
        assert page.get_by_role("alert").inner_text().count("amount: El importe no puede ser negativo.") == 1
        page.get_by_label("Cuerpo en JSON").fill('{"amount": 5, "currency": "MXN", "beneficiary": {"country": "MX"}}')
        page.get_by_role("button", name="Simular").click()
        assert "SIMULACIÓN" in page.locator("#result").inner_text()
    plain.close()
