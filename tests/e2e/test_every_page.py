"""Every page, in each look, as everybody who may open it: accessible, within its policy, silent, light, never too wide."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings

from accounts.models import Organization
from accounts.types import OrganizationType
from core.web.preferences import COOKIE
from tests.accounts.web.test_sign_in import add_totp
from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.looking import MOST_BYTES, count_bytes, list_barriers
from tests.e2e.validator import find_validator
from tests.e2e.visits import (
    LOOKS,
    NOBODY,
    OPEN,
    ROLES,
    Visitor,
    fill_sign_in,
    list_open_pages,
    list_pages,
    make_visitor,
    read_status,
    sign_in,
)
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLOSEST = {"320 px": (320, 640), "1366 by 768 at twice the size": (683, 384)}
"""What a zoom of 200 % leaves of a screen is half of it (WCAG 1.4.10, G224)."""

NOT_OPENED = {
    "/dashboard/simulation/backtests/compare": "needs two backtests: tests/assess/web/backtests",
    "/dashboard/protection/threat-lists/{code}/search": "shows the list's page with what was found",
    "/dashboard/protection/threat-lists/{code}/upload": "shows the list's page with what was wrong with the file",
    "/dashboard/settings/company/": "shows the company's page, or what was wrong with its form",
    "/dashboard/protection/blocklists/bulk/{act_id}": "is for who did it alone: test_bulk.py",
    "/dashboard/protection/policy/settings": "shows the policy's page, or what was wrong with its form",
    "/dashboard/{rest}": "is the answer to what is no page: test_frame.py",
    "/login/code": "comes after a password, and is opened by who has a second factor",
    "/login/confirm/passkey": "needs an authenticator: test_passkeys.py",
    "/login/passkey": "answers the browser's own call",
    "/login/sso/": "no provider is configured",
    "/password/reset/{uidb36}/{key}": "the world's link is spent",
}
"""What is closed to everybody of the table and stays so; a path that ends with a slash means all below it."""
OF_A_PSP_WITH_A_SECOND_FACTOR = [
    "/dashboard/account/second-factor/codes",
    "/dashboard/account/second-factor/passkeys/{pk}/remove",
    "/dashboard/account/second-factor/passkeys/{pk}/rename",
    "/dashboard/account/second-factor/totp/remove",
    "/dashboard/connections/submerchants/new",
    "/dashboard/connections/submerchants/{submerchant_id}",
    "/login/confirm/code",
]
"""What is closed to everybody of the table, but not to everybody."""


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
    return list_open_pages(watched.page, host, world, role)


def _dress(watched: Watched, host: str, visitor: Visitor, theme: str, language: str) -> None:
    preferences = visitor.prefer(theme=theme, language=language)
    watched.page.context.add_cookies([{"name": COOKIE, "value": preferences.to_cookie(), "url": host}])


def _open(watched: Watched, address: str) -> None:
    answer = watched.page.goto(address)
    assert (answer.status, watched.page.url) == (OPEN, address)


def test_a_page_that_nobody_opens_has_a_reason() -> None:
    closed = {path for path in list_pages() if OPEN not in {read_status(path, role) for role in ROLES}}
    assert closed == {*OF_A_PSP_WITH_A_SECOND_FACTOR, *(path for path in list_pages() if _has_reason(path))}


def _has_reason(path: str) -> bool:
    return any(path == each or (each.endswith("/") and path.startswith(each)) for each in NOT_OPENED)


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_the_pages_of_a_psp_and_of_a_second_factor_are_accessible(
    watched: Watched, host: str, theme: str, language: str
) -> None:
    world = World()
    Organization.objects.filter(pk=world.bank.pk).update(organization_type=OrganizationType.PSP.value)
    visitor = make_visitor(world, "admin")
    _dress(watched, host, visitor, theme, language)
    sign_in(watched.page, host, visitor)
    passkey = _give_factors(visitor)
    paths = ["/dashboard/connections/submerchants", *OF_A_PSP_WITH_A_SECOND_FACTOR]
    faults = []
    for path in paths:
        _open(watched, host + world.path(path.replace("{pk}", str(passkey))))
        found = [*list_barriers(watched.page), *watched.violations()]
        faults += [f"{path}: {fault}" for fault in found]
    _stop_before_the_code(watched, host, visitor)
    faults += [f"/login/code: {fault}" for fault in [*list_barriers(watched.page), *watched.violations()]]
    assert faults == []
    assert watched.complaints == []


def _give_factors(visitor: Visitor) -> int:
    """Give the visitor an application, recovery codes and a passkey, and return the passkey's key."""
    assert visitor.user is not None
    add_totp(visitor.user)
    RecoveryCodes.activate(visitor.user)
    kind = Authenticator.Type.WEBAUTHN
    passkey = Authenticator.objects.create(user=visitor.user, type=kind, data={"name": "Laptop", "credential": {}})
    return int(passkey.pk)


def _stop_before_the_code(watched: Watched, host: str, visitor: Visitor) -> None:
    Authenticator.objects.filter(user=visitor.user, type=Authenticator.Type.WEBAUTHN).delete()
    watched.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    fill_sign_in(watched.page, host, visitor)
    watched.page.wait_for_url(f"{host}/login/code")


@pytest.mark.parametrize(("theme", "language"), LOOKS)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_within_its_policy(
    watched: Watched, host: str, role: str, theme: str, language: str
) -> None:
    page = watched.page
    addresses = _enter(watched, host, role, theme=theme, language=language)
    faults = []
    for address in addresses:
        _open(watched, address)
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
        _open(watched, address)
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
        answer = watched.page.context.request.get(address, max_redirects=0)
        assert answer.status == OPEN, address
        text = answer.text()
        name = f"{number:03} {address.removeprefix(host).replace('/', ' ')}.html"
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [*validator, "--stdout", "--format", "gnu", "--skip-non-html", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.replace(f"{tmp_path}/", "").splitlines() == []
    assert done.returncode == 0
