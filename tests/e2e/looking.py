"""What is measured of a page in a browser: barriers to its readers, and the bytes that it costs."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

AXE = Path(settings.BASE_DIR) / "tests/vendor/axe-core-4.14.1/axe.min.js"
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
MOST_BYTES = 150 * 1024


def list_barriers(page: Any) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA and its own best practice."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


def count_bytes(page: Any, address: str) -> int:
    """Return what a first visit to that address sends over the network in production, where static text is compressed."""
    sent: list[int] = []
    saved: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    session.on("Network.responseReceived", lambda event: saved.append(_count_saved(event["response"]["url"])))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(sent) - sum(saved)


@cache
def _count_saved(url: str) -> int:
    """Return by how much the file of that address shrinks (whitenoise's CompressedManifestStaticFilesStorage)."""
    path = urlsplit(url).path
    if not path.startswith(settings.STATIC_URL) or Path(path).suffix not in {".css", ".js", ".svg"}:
        return 0
    content = (Path(settings.BASE_DIR) / "static" / path.removeprefix(settings.STATIC_URL)).read_bytes()
    return max(0, len(content) - len(gzip.compress(content, 9)))
