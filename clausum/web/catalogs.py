"""Translations without GNU gettext: what templates and code say is found and compiled by Babel.

Spanish is written in the source; `locale/en/LC_MESSAGES/django.po` gives the English of each message. No places are
recorded, so that a moved line changes nothing.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PO = Path("locale/en/LC_MESSAGES/django.po")
MO = PO.with_suffix(".mo")
SOURCES = ("*/web/**/*.py", "accounts/words.py", "assess/backtest_jobs.py", "blocklists/import_jobs.py")
TEMPLATES = Path("templates")
_KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "gettext", "gettext_lazy", "ngettext"))

type Message = str | tuple[str, ...]


def find_messages(base: Path) -> list[Message]:
    """Return what the pages' templates and code say, sorted; a plural is a tuple."""
    found = {message for text in _read_sources(base) for message in _messages_of(text)}
    return sorted(found, key=lambda message: message if isinstance(message, str) else message[0])


def _read_sources(base: Path) -> Iterator[str]:
    for source in SOURCES:
        for path in sorted(base.glob(source)):
            yield path.read_text(encoding="utf-8")
    for path in sorted(path for path in (base / TEMPLATES).rglob("*") if path.suffix in {".html", ".txt"}):
        shown: str = templatize(path.read_text(encoding="utf-8"))
        yield "\n".join(line.lstrip() for line in shown.splitlines())


def _messages_of(text: str) -> Iterator[Message]:
    for _line, function, found, _comments in extract_python(BytesIO(text.encode()), _KEYWORDS, [], {}):
        messages: Any = found
        if function == "ngettext":
            yield tuple(str(message) for message in messages[:2])
        elif isinstance(messages, str) and messages:
            yield messages


class _Lasting(Catalog):
    """A catalog whose header is the same whenever, and with whatever version of Babel, it is written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Clausum"),
            ("Language", "en"),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=utf-8"),
        ]


def read_catalog(base: Path) -> Catalog:
    """Return the English catalog as it is committed."""
    with (base / PO).open("rb") as file:
        return read_po(file, locale="en", domain="django")


def update_catalog(base: Path) -> Catalog:
    """Return the catalog with every message of today and no other; a new one has no English yet."""
    known = read_catalog(base) if (base / PO).exists() else Catalog(locale="en")
    updated = _Lasting(locale="en", fuzzy=False, header_comment="# English for the pages.")
    for message in find_messages(base):
        former = known.get(message[0] if isinstance(message, tuple) else message)
        updated.add(message, former.string if former else None)
    return updated


def render_po(catalog: Catalog) -> bytes:
    """Return the catalog as text, the same every time."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=True)
    return out.getvalue()


def compile_catalog(base: Path) -> bytes:
    """Return the catalog as Django reads it."""
    out = BytesIO()
    write_mo(out, update_catalog(base))
    return out.getvalue()


def list_untranslated(base: Path) -> list[str]:
    """Return the messages without English, and those of the catalog that nothing says any more."""
    said = {message if isinstance(message, str) else message[0] for message in find_messages(base)}
    known = {_first(entry.id): entry for entry in read_catalog(base) if entry.id}
    silent = [text for text in said if text not in known or not _is_translated(known[text].string)]
    return sorted([*silent, *(text for text in known if text not in said)])


def _first(message: Any) -> str:
    return str(message if isinstance(message, str) else message[0])


def _is_translated(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)
