"""/api/docs in a browser: everything from our own host, nothing that the policy refuses."""

from pathlib import Path

import pytest

from clausum.api.docs import make_document
from tests.e2e.conftest import Watched
from tests.web import running_web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYIN = "#operations-Assessments-assess_payin"


def test_the_page_shows_every_operation_and_works_under_its_policy(watched: Watched, tmp_path: Path) -> None:
    operations = sum(len(methods) for methods in make_document()["paths"].values())
    with running_web(workers=1) as web:
        host = f"http://127.0.0.1:{web.port}"
        page = watched.page
        page.goto(f"{host}/api/docs")
        page.wait_for_selector(".opblock")
        assert page.title() == "Clausum API"
        assert page.locator(".opblock").count() == operations
        page.screenshot(path=tmp_path / "api-docs.png")
        assert (tmp_path / "api-docs.png").stat().st_size > 20_000

        page.locator(f"{PAYIN} .opblock-summary-control").click()
        page.locator(f"{PAYIN} .try-out__btn").click()
        page.locator(f"{PAYIN} button.execute").click()
        page.wait_for_selector(f"{PAYIN} .live-responses-table .response-col_status")
        answer = page.locator(f"{PAYIN} .live-responses-table").inner_text()
        assert "UNAUTHORIZED" in answer

        assert watched.violations() == []
        assert [url for url in watched.requested if not url.startswith((f"{host}/", "data:"))] == []
        refused = [line for line in watched.complaints if "401" not in line]
        assert refused == []


def test_a_document_named_in_the_url_is_not_shown(watched: Watched) -> None:
    with running_web(workers=1) as web:
        host = f"http://127.0.0.1:{web.port}"
        watched.page.goto(f"{host}/api/docs?url=https://example.com/evil.json")
        watched.page.wait_for_selector(".opblock")
        assert watched.page.locator(".title").first.inner_text().startswith("Clausum API")
        assert [url for url in watched.requested if not url.startswith((f"{host}/", "data:"))] == []
