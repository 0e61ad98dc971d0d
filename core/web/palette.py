"""The palette: places and acts that a reader reaches by typing a few letters of them. Sources add entries; see
`clausum/web/palette.py` for the table of sources."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from core.actor import Actor

LONGEST_QUERY = 200
MOST_ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """One thing to go to. `keywords` are further words that find it; `permission` is what seeing it needs, if any."""

    label: str | Promise
    url: str
    icon: str
    group: str | Promise
    permission: str = ""
    keywords: str | Promise = ""


@dataclass(frozen=True)
class Reader:
    """Who asks: a source shows them nothing that a page would refuse them."""

    actor: Actor
    modules: frozenset[str]


type Source = Callable[[Reader, str], Iterable[Entry]]
"""Gives the entries for a reader; the query is for sources that look something up."""


def find_entries(sources: Sequence[Source], *, reader: Reader, query: str = "") -> list[Entry]:
    """Return what the reader may see and every word of the query finds, best first: at a word's start, then inside."""
    asked = query[:LONGEST_QUERY]
    words = fold(asked).split()
    entries = [entry for source in sources for entry in source(reader, asked) if _is_open(entry, reader)]
    found = [(rank, entry) for entry in entries if (rank := _rank(entry, words)) is not None]
    found.sort(key=lambda ranked: ranked[0])
    return [entry for _rank_of, entry in found][:MOST_ENTRIES]


def fold(text: str) -> str:
    """Return the text as it is searched: without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _is_open(entry: Entry, reader: Reader) -> bool:
    return not entry.permission or reader.actor.can(entry.permission)


def _rank(entry: Entry, words: list[str]) -> int | None:
    """Return how far from the best the match is, or None when a word is not found."""
    label, everything = fold(str(entry.label)), fold(f"{entry.label} {entry.keywords}")
    if not all(word in everything for word in words):
        return None
    return sum(_distance(word, label, everything) for word in words)


def _distance(word: str, label: str, everything: str) -> int:
    if f" {label}".find(f" {word}") >= 0:
        return 0
    return 1 if f" {everything}".find(f" {word}") >= 0 else 2


def group_entries(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the entries under their headings, each heading where its first entry came."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(str(entry.group), []).append(entry)
    return groups
