"""Takes a picture of every page in both themes: `python -m scripts.take_screens --folder .run --output docs/screens`.

Needs a running ./run with its demo people, and chromium. What a page shows of the past is what was done in that run.
"""

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import ViewportSize, sync_playwright

SIZE = ViewportSize(width=1366, height=768)
ORGANIZATION = "psp"
KEYS = "/dashboard/connections/keys"
COMPANY = "/dashboard/settings/company"
ACCOUNT = "/dashboard/account"
OPEN = {
    "login": "/login",
    "password-reset": "/password/reset",
    "error-404": "/no-such-page",
}
PAGES = {
    "keys": KEYS,
    "key-new": f"{KEYS}/new",
    "submerchants": "/dashboard/connections/submerchants",
    "team": "/dashboard/team",
    "team-invite": "/dashboard/team/invite",
    "team-invitations": "/dashboard/team/invitations",
    "team-roles": "/dashboard/team/roles",
    "company": COMPANY,
    "audit": "/dashboard/audit",
    "account": ACCOUNT,
    "account-password": f"{ACCOUNT}/password",
    "account-sessions": f"{ACCOUNT}/sessions",
    "account-second-factor": f"{ACCOUNT}/second-factor",
    "account-totp": f"{ACCOUNT}/second-factor/totp",
    "account-passkeys": f"{ACCOUNT}/second-factor/passkeys",
    "palette-page": "/dashboard/palette",
    "error-in-frame": "/dashboard/no-such-page",
    "styleguide": "/styleguide",
    "styleguide-forms": "/styleguide/forms",
}
FIRST_OF = {"key": KEYS, "member": "/dashboard/team", "submerchant": "/dashboard/connections/submerchants"}
"""Pages of one thing: the first that the list links to."""


def main() -> None:
    """Take them all."""
    options = _parse()
    demo = json.loads((options.folder / "demo.json").read_text(encoding="utf-8"))
    options.output.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for theme in ("light", "dark"):
            context = browser.new_context(viewport=SIZE, locale="es-MX", color_scheme=theme, reduced_motion="reduce")
            _take_theme(context.new_page(), demo, options.output, theme)
        browser.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".run"), help="where ./run keeps its data")
    parser.add_argument("--output", type=Path, default=Path("docs/screens"))
    return parser.parse_args()


def _take_theme(page: Any, demo: dict[str, Any], output: Path, theme: str) -> None:
    host = demo["base_url"]
    for name, path in OPEN.items():
        _take(page, f"{host}{path}", output / f"{name}-{theme}.png")
    _sign_in(page, host, demo)
    for name, path in [*PAGES.items(), *_find_details(page, host)]:
        _take(page, f"{host}{path}", output / f"{name}-{theme}.png")
    page.goto(f"{host}{ACCOUNT}")
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    page.screenshot(path=output / f"palette-{theme}.png")
    page.keyboard.press("Escape")
    page.locator("[popovertarget=user-menu]").click()
    page.screenshot(path=output / f"user-menu-{theme}.png")


def _sign_in(page: Any, host: str, demo: dict[str, Any]) -> None:
    users = [user for organization in demo["organizations"] for user in organization["users"]]
    admin = next(user for user in users if user["email"].startswith(f"admin@{ORGANIZATION}."))
    page.goto(f"{host}/login")
    page.locator("[name=login]").fill(admin["email"])
    page.locator("[name=password]").fill(admin["password"])
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"{host}/dashboard/**")


def _find_details(page: Any, host: str) -> Iterator[tuple[str, str]]:
    for name, path in FIRST_OF.items():
        page.goto(f"{host}{path}")
        link = page.locator("main tbody th a").first
        if link.count():
            yield name, link.get_attribute("href")


def _take(page: Any, address: str, file: Path) -> None:
    page.goto(address)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(SIZE | {"height": height})  # so that the side bar is as long as the page
    page.screenshot(path=file)
    page.set_viewport_size(SIZE)


if __name__ == "__main__":
    main()
