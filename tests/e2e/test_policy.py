"""The form of a draft in a real browser: what was typed is not lost by a slip."""

from typing import Any

import pytest

from tests.architecture.world import World
from tests.e2e.conftest import Watched
from tests.e2e.visits import make_visitor, sign_in
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_leaving_a_changed_form_is_asked_about_and_saving_it_is_not(watched: Watched) -> None:
    with running_web(workers=1) as web:
        host, world = f"http://127.0.0.1:{web.port}", World()
        visitor = make_visitor(world, "admin")
        sign_in(watched.page, host, visitor)
        page, asked = watched.page, list[str]()
        page.on("dialog", lambda dialog: _accept(dialog, asked))
        draft = f"{host}/dashboard/protection/policy/drafts/{world.draft.id}"
        page.goto(f"{draft}/edit/payout")
        page.goto(draft)
        assert asked == []
        page.goto(f"{draft}/edit/payout")
        page.locator("[name='bands.review']").fill("12")
        page.goto(draft)
        assert asked == ["beforeunload"]
        page.goto(f"{draft}/edit/payout")
        page.locator("[name='bands.review']").fill("13")
        with page.expect_navigation():
            page.locator("main form button[type=submit]").last.click()
        assert (page.url, asked) == (draft, ["beforeunload"])
        assert "13" in page.locator("main").inner_text()
        assert (watched.complaints, watched.violations()) == ([], [])


def _accept(dialog: Any, asked: list[str]) -> None:
    asked.append(dialog.type)
    dialog.accept()
