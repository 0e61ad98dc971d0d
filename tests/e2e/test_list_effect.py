"""The form of a new entry in a real browser: its effect follows what is typed, where it depends on it."""

from collections.abc import Callable

import pytest

from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.visits import make_visitor, sign_in
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EFFECT = "/dashboard/protection/blocklists/new/effect"
WAIT_MS = 1_000
"""More than the page waits for the next key before it asks."""


def test_the_effect_is_asked_for_when_what_it_depends_on_changes_and_not_for_the_reason(watched: Watched) -> None:
    with running_web(workers=1) as web:
        host, world = f"http://127.0.0.1:{web.port}", World()
        page = watched.page
        sign_in(page, host, make_visitor(world, "admin"))
        page.goto(f"{host}/dashboard/protection/blocklists/new")
        changes: list[Callable[[], object]] = [
            lambda: page.locator("[name=value]").fill("646180115000009034"),
            lambda: page.locator("[name=flow]").select_option("both"),
            lambda: page.locator("[name=type]").select_option("customer_id"),
        ]
        for change in changes:
            with page.expect_response(f"{host}{EFFECT}"):
                change()
        assert _count_asked(watched, host) == 3
        page.locator("[name=reason]").press_sequentially("Mula")
        page.locator("[name=severity][value=flag]").check()
        page.wait_for_timeout(WAIT_MS)
        assert _count_asked(watched, host) == 3
        assert "Ningún pago de los últimos 30 días" in page.locator("#effect").inner_text()
        assert (watched.complaints, watched.violations()) == ([], [])


def _count_asked(watched: Watched, host: str) -> int:
    return watched.requested.count(f"{host}{EFFECT}")
