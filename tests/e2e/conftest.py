"""A real browser on a real server. Skips, and says so, where no chromium is installed."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_RECORD_VIOLATIONS = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__violations.push(event.effectiveDirective + " " + event.blockedURI);
});
"""


@dataclass
class Watched:
    """A page, and what happened in it."""

    page: Any
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.__violations")
        return found


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A page of 1366 by 768 that records requests, console errors and violations of the policy."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs here, but this code is not in it
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "CI has no chromium, so no page was looked at"
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="es-MX")
        context.add_init_script(_RECORD_VIOLATIONS)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: watched.requested.append(request.url))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("console", lambda line: _note(watched, line))
        yield watched
        browser.close()
        connections.close_all()  # what was opened inside the loop is not seen outside it


def _note(watched: Watched, line: Any) -> None:
    if line.type in {"error", "warning"}:
        watched.complaints.append(line.text)
