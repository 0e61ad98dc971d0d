"""The editor of a rule in a real browser: sentences and text stay in step, and nothing that was typed is lost."""

from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.visits import make_visitor, sign_in
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

VALUE, TEXT, READING = "[name=g0r0-value]", "textarea[name=condition]", "[data-fragment=reading]"


def _open(watched: Watched, host: str) -> Any:
    sign_in(watched.page, host, make_visitor(World(), "admin"))
    watched.page.goto(f"{host}/dashboard/protection/rules/new")
    watched.page.locator("[name=name]").fill("Importe alto")
    return watched.page


def test_what_is_typed_in_a_row_is_the_text_and_what_is_typed_as_text_is_the_rows(watched: Watched) -> None:
    with running_web(workers=1) as web:
        page = _open(watched, f"http://127.0.0.1:{web.port}")
        page.locator(VALUE).press_sequentially("1,234")
        page.locator(READING, has_text="payment.amount > 1234").wait_for()
        assert page.locator(VALUE).input_value() == "1,234"
        page.get_by_role("button", name="Ver como texto").click()
        assert page.locator(TEXT).input_value() == "payment.amount > 1234"
        page.locator(TEXT).fill("payment.amount>777&&beneficiary.country=='MX'")
        page.locator(READING, has_text="es mayor que 777 y País del beneficiario es “MX”").wait_for()
        assert page.locator(TEXT).input_value() == "payment.amount>777&&beneficiary.country=='MX'"
        page.locator("[data-fragment=trial]", has_text="No hay pagos de este flujo").wait_for()
        page.locator(TEXT).fill("payment.amount > ")
        page.locator(READING, has_text="aquí se espera un valor").wait_for()
        page.locator(TEXT).fill("payment.amount > 778")
        page.get_by_role("button", name="Ver en frases").click()
        assert page.locator(VALUE).input_value() == "778"
        assert (watched.complaints, watched.violations()) == ([], [])


def test_an_answer_that_comes_late_does_not_overwrite_what_was_typed_meanwhile(watched: Watched) -> None:
    with running_web(workers=1) as web:
        page, held = _open(watched, f"http://127.0.0.1:{web.port}"), list[Any]()
        page.route("**/rules/new", lambda route: held.append(route))  # noqa: PLW0108  it keeps a mark on what it calls
        page.locator("[name=g0r0-field]").select_option("beneficiary.country")
        page.wait_for_timeout(100)
        (late,) = held
        page.unroute("**/rules/new")
        page.locator(VALUE).press_sequentially("MX")
        with suppress(Error):  # what was given up cannot be answered any more
            late.continue_()
        page.locator(READING, has_text="beneficiary.country == 'MX'").wait_for()
        assert page.locator(VALUE).input_value() == "MX"
        assert page.evaluate("document.activeElement.name") == "g0r0-value"
        page.locator(VALUE).press_sequentially("X")
        assert page.locator(VALUE).input_value() == "MXX"
        assert (watched.complaints, watched.violations()) == ([], [])


def test_leaving_a_rule_that_was_typed_is_asked_about(watched: Watched) -> None:
    with running_web(workers=1) as web:
        host, asked = f"http://127.0.0.1:{web.port}", list[str]()
        page = _open(watched, host)
        page.on("dialog", lambda dialog: _accept(dialog, asked))
        page.goto(f"{host}/dashboard/protection/rules")
        assert asked == ["beforeunload"]


def _accept(dialog: Any, asked: list[str]) -> None:
    asked.append(dialog.type)
    dialog.accept()
