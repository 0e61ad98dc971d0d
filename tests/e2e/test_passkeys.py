"""A passkey in a real browser, with Chromium's virtual authenticator: added, used to sign in, and to prove oneself."""

from typing import Any

import pytest

from accounts.models import Membership
from accounts.types import Role
from tests.e2e.conftest import Watched
from tests.factories.accounts import PASSWORD, make_member, make_organization
from tests.web import running_web

pytestmark = pytest.mark.browser


@pytest.fixture
def member(transactional_db: None, settings: Any) -> Membership:
    """A member whose password the server can check, made before the browser takes the thread."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    return make_member(organization=make_organization(), role=Role.ANALYST)


def _plug_authenticator(page: Any) -> Any:
    """Give the browser an authenticator that confirms by itself (WebAuthn's virtual authenticators, CDP)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_passkey_is_added_and_signs_in_without_a_password(member: Membership, watched: Watched) -> None:
    page = watched.page
    _plug_authenticator(page)
    with running_web(workers=1) as web:
        host = f"http://localhost:{web.port}"
        page.goto(f"{host}/login")
        page.get_by_label("Correo electrónico").fill(member.user.email)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)

        page.goto(f"{host}/dashboard/account/second-factor/passkeys/add")
        page.get_by_label("Nombre").fill("Laptop de la oficina")
        page.locator("[name=passwordless]").check()
        page.get_by_role("button", name="Agregar").click()
        page.wait_for_url("**/second-factor/codes")
        page.goto(f"{host}/dashboard/account/second-factor/passkeys")
        assert page.get_by_role("rowheader", name="Laptop de la oficina").is_visible()

        page.context.clear_cookies()
        page.goto(f"{host}/login")
        page.get_by_role("button", name="Entrar con una llave de acceso").click()
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{host}/dashboard/account")
        assert page.get_by_text(member.user.email).first.is_visible()

        page.context.clear_cookies()
        page.goto(f"{host}/login")
        page.get_by_label("Correo electrónico").fill(member.user.email)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.wait_for_url("**/login/code")
        page.get_by_role("button", name="Usar una llave de acceso").click()
        page.wait_for_url(lambda url: "/login" not in url)

        page.goto(f"{host}/login/confirm/passkey?next=/dashboard/account/sessions")
        page.get_by_role("button", name="Usar una llave de acceso").click()
        page.wait_for_url(f"{host}/dashboard/account/sessions")
        assert watched.violations() == []
    assert watched.complaints == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_without_an_answer_the_page_says_so_and_the_password_is_left(
    member: Membership, watched: Watched, host: str
) -> None:
    """The authenticator knows no passkey of `localhost`; 127.0.0.1 is no name that one can be bound to at all."""
    page = watched.page
    _plug_authenticator(page)
    with running_web(workers=1) as web:
        page.goto(f"http://{host}:{web.port}/login")
        page.get_by_role("button", name="Entrar con una llave de acceso").click()
        page.get_by_role("alert").filter(has_text="no respondió").wait_for()
        page.get_by_label("Correo electrónico").fill(member.user.email)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)
