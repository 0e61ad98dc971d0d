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
LISTS = "/dashboard/protection/blocklists"
COMPANY = "/dashboard/settings/company"
POLICY = "/dashboard/protection/policy"
RULES = "/dashboard/protection/rules"
ACCOUNT = "/dashboard/account"
SIMULATION = "/dashboard/simulation"
OPEN = {
    "login": "/login",
    "password-reset": "/password/reset",
    "password-reset-sent": "/password/reset/sent",
    "password-reset-spent": f"/password/reset/{'0' * 32}/spent",
    "invitation-unknown": "/invite/unknown",
    "error-404": "/no-such-page",
}
PAGES = {
    "keys": KEYS,
    "key-new": f"{KEYS}/new",
    "key-choose": f"{KEYS}/new?type=secret",
    "submerchants": "/dashboard/connections/submerchants",
    "submerchant-new": "/dashboard/connections/submerchants/new",
    "simulation": SIMULATION,
    "simulation-json": f"{SIMULATION}?form=json",
    "simulation-scenario": f"{SIMULATION}?scenario=mule",
    "feeds": "/dashboard/protection/threat-lists",
    "feed-new": "/dashboard/protection/threat-lists/new",
    "lists": LISTS,
    "lists-review": f"{LISTS}?state=review",
    "lists-nothing": f"{LISTS}?search=nadie@ejemplo.mx&severity=block",
    "list-entry-new": f"{LISTS}/new",
    "imports": "/dashboard/protection/blocklists/imports",
    "import-new": "/dashboard/protection/blocklists/import",
    "team": "/dashboard/team",
    "team-invite": "/dashboard/team/invite",
    "team-invitations": "/dashboard/team/invitations",
    "team-roles": "/dashboard/team/roles",
    "rules": RULES,
    "rule-new": f"{RULES}/new",
    "rule-fields": f"{RULES}/fields",
    "backtests": f"{SIMULATION}/backtests",
    "backtest-new": f"{SIMULATION}/backtests/new",
    "policy": POLICY,
    "policy-version": f"{POLICY}/versions/1",
    "company": COMPANY,
    "audit": "/dashboard/audit",
    "account": ACCOUNT,
    "account-password": f"{ACCOUNT}/password",
    "account-sessions": f"{ACCOUNT}/sessions",
    "account-second-factor": f"{ACCOUNT}/second-factor",
    "account-confirm": "/login/confirm",
    "account-passkey-add": f"{ACCOUNT}/second-factor/passkeys/add",
    "account-totp": f"{ACCOUNT}/second-factor/totp",
    "account-passkeys": f"{ACCOUNT}/second-factor/passkeys",
    "palette-page": "/dashboard/palette",
    "error-in-frame": "/dashboard/no-such-page",
    "styleguide": "/styleguide",
    "styleguide-forms": "/styleguide/forms",
    "styleguide-waterfall": "/styleguide/waterfall",
}
FIRST_OF = {
    "key": KEYS,
    "feed": "/dashboard/protection/threat-lists",
    "member": "/dashboard/team",
    "submerchant": "/dashboard/connections/submerchants",
    "audit-event": "/dashboard/audit",
    "list-entry": LISTS,
    "rule": RULES,
}
"""Pages of one thing: the first that the list links to."""

FURTHER = {
    "key": ("edit", "rotate", "delete"),
    "member": ("role", "suspend", "remove"),
    "list-entry": ("edit", "remove"),
    "rule": ("edit",),
}
"""What may be done with it, each on a page of its own."""


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
    _take_reveal(page, host, output / f"key-reveal-{theme}.png")
    _take_effect(page, host, output / f"list-entry-effect-{theme}.png")
    _take_bulk(page, host, output / f"lists-bulk-{theme}.png")
    _take_conflict(page, host, output / f"company-conflict-{theme}.png")
    _take_simulation(page, host, output / f"simulation-result-{theme}.png")
    _take_draft(page, host, output, theme)
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
    for name, listed_at in FIRST_OF.items():
        page.goto(f"{host}{listed_at}")
        link = page.locator("main tbody th a").first
        if link.count():
            path = link.get_attribute("href")
            yield name, path
            yield from ((f"{name}-{act}", f"{path}/{act}") for act in FURTHER.get(name, ()))


def _take_reveal(page: Any, host: str, file: Path) -> None:
    """Make a key, which is shown this once."""
    page.goto(f"{host}{KEYS}/new?type=secret")
    page.locator("[name=name]").fill("core")
    page.locator("main form button[type=submit]").last.click()
    page.locator("main pre, main code").first.wait_for()
    _shoot(page, file)


def _take_effect(page: Any, host: str, file: Path) -> None:
    """Ask what an entry would have met."""
    page.goto(f"{host}{LISTS}/new")
    page.locator("[name=type]").select_option("email_domain")
    page.locator("[name=value]").fill("example.com")
    page.locator("button[name=effect]").click()
    page.locator("#effect strong").wait_for()
    _shoot(page, file)


def _take_bulk(page: Any, host: str, file: Path) -> None:
    """Ask what switching all entries off would do."""
    page.goto(f"{host}{LISTS}")
    page.locator("#bulk [name=all]").check()
    page.locator("#bulk button[type=submit]").click()
    page.locator("main dl").wait_for()
    _shoot(page, file)


def _take_conflict(page: Any, host: str, file: Path) -> None:
    """Change the organization in two tabs that were opened at the same time; the second sees both versions."""
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{host}{COMPANY}")
    former = page.locator("[name=name]").first.input_value()
    _rename(page, f"{former} Uno")
    _rename(other, f"{former} Dos")
    other.locator(".table tbody tr").wait_for()
    other.screenshot(path=file)
    other.close()
    _rename(page, former)


def _take_simulation(page: Any, host: str, file: Path) -> None:
    """Simulate a ready scenario, which leaves nothing that counts."""
    page.goto(f"{host}{SIMULATION}?scenario=mule")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    page.locator("#result").wait_for()
    _shoot(page, file)


def _take_draft(page: Any, host: str, output: Path, theme: str) -> None:
    """Begin a draft, change a cut line of it, look at it, and put it away."""
    page.goto(f"{host}{POLICY}")
    with page.expect_navigation():
        page.locator(f"form[action='{POLICY}/drafts'] button").click()
    address = page.url
    page.goto(f"{address}/edit/payin")
    _shoot(page, output / f"policy-edit-{theme}.png")
    page.locator("[name='bands.review']").fill("20")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    _shoot(page, output / f"policy-draft-{theme}.png")
    _take_backtest(page, host, address.rpartition("/")[2], output / f"backtest-result-{theme}.png")
    page.goto(f"{address}/discard")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def _take_backtest(page: Any, host: str, draft: str, file: Path) -> None:
    """Try the draft on the payments of the last days, and wait for what comes of it."""
    page.goto(f"{host}{SIMULATION}/backtests/new?draft={draft}")
    page.locator("[name=name]").fill("Revisar desde 20")
    with page.expect_navigation():
        page.locator("button[name=step][value=run]").click()
    page.locator("main .tiles").wait_for(timeout=60_000)
    _shoot(page, file)


def _rename(page: Any, name: str) -> None:
    form = page.locator("form:has([name=name])").first
    form.locator("[name=name]").fill(name)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def _take(page: Any, address: str, file: Path) -> None:
    page.goto(address)
    _shoot(page, file)


def _shoot(page: Any, file: Path) -> None:
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(SIZE | {"height": height})  # so that the side bar is as long as the page
    page.screenshot(path=file)
    page.set_viewport_size(SIZE)


if __name__ == "__main__":
    main()
