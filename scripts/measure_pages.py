"""Measures how long the server takes for each page: `python -m scripts.measure_pages --folder .run`.

Needs a running ./run with its demo people; what lies in its database is what is measured. Milliseconds from the
request's first byte to the answer's last, one request at a time, over one kept connection; no style sheets.
"""

import argparse
import http.client
import json
import re
import statistics
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from scripts.take_screens import ORGANIZATION, PAGES

MOST_MS = 80


class Browser:
    """As much of a browser as a session needs: one connection and its cookies."""

    def __init__(self, host: str) -> None:
        self._link = http.client.HTTPConnection(urlsplit(host).netloc, timeout=60)
        self._cookies: dict[str, str] = {}

    def call(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """Return status and text."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        self._link.request(method, path, body, headers)
        response = self._link.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, text

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form."""
        form = self.call("GET", "/login")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        sent = {"login": email, "password": password, "csrfmiddlewaretoken": token.group(1) if token else ""}
        status, _text = self.call("POST", "/login", urlencode(sent))
        if status != 302:
            raise SystemExit(f"signing in was answered with {status}")


def main() -> int:
    """Print a table, and return 1 when a page is slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".run"), help="where ./run keeps its data")
    parser.add_argument("--times", type=int, default=100, help="requests of each page")
    options = parser.parse_args()
    demo = json.loads((options.folder / "demo.json").read_text(encoding="utf-8"))
    browser = Browser(demo["base_url"])
    browser.sign_in(*_find_admin(demo))
    slow = [path for path in PAGES.values() if not _measure(browser, path, options.times)]
    return 1 if slow else 0


def _find_admin(demo: dict[str, Any]) -> tuple[str, str]:
    users = [user for organization in demo["organizations"] for user in organization["users"]]
    return next(
        (user["email"], user["password"]) for user in users if user["email"].startswith(f"admin@{ORGANIZATION}")
    )


def _measure(browser: Browser, path: str, times: int) -> bool:
    """Print a line for the page and say whether it keeps the promise."""
    taken, statuses = [], set()
    for _ in range(times):
        began = time.perf_counter()
        statuses.add(browser.call("GET", path)[0])
        taken.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    known = ", ".join(str(status) for status in sorted(statuses))
    sys.stdout.write(
        f"{path:45} {known:8} p50 {statistics.median(taken):6.1f}  p95 {p95:6.1f}  max {max(taken):6.1f}\n"
    )
    sys.stdout.flush()
    return p95 <= MOST_MS


if __name__ == "__main__":
    sys.exit(main())
