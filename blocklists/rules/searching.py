"""What somebody who looks for an entry may have typed: whole or in part, grouped, in capitals, or masked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from blocklists.kinds.table import compact
from blocklists.types import ListType

SHORTEST_PART = 2
"""Characters below which the beginning or the end of a value tells nothing apart."""
_HIDDEN = r"(?:[*\u2022\u25cf\u00b7\u2219\u2026]|\.{3})"
_MASK = re.compile(rf"[\s-]*{_HIDDEN}(?:[\s-]*{_HIDDEN})*[\s-]*")


@dataclass(frozen=True, slots=True, order=True)
class Ends:
    """How a value begins and how it ends, in lower case; an empty one may be anything."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: in the reason, anywhere in a value, and at a value's ends, any of which is enough."""

    text: str
    anywhere: tuple[str, ...]
    ends: tuple[Ends, ...]


def read_search(text: str, *, list_types: Iterable[ListType] = tuple(ListType)) -> Search:
    """Return what the text may mean as a value of these types: in each one's canonical form, and as it was typed.

    `**** 1234` and `646180…0004` hide what lies before, after or between: the value begins and ends so.
    """
    types = tuple(list_types)
    forms = sorted(({text} | {compact(one, text) for one in types}) - {""})
    return Search(text=text, anywhere=tuple(sorted({form.lower() for form in forms})), ends=_read_ends(text, types))


def _read_ends(text: str, types: tuple[ListType, ...]) -> tuple[Ends, ...]:
    parts = _MASK.split(text)
    start, end = parts[0], parts[-1]
    pairs = {(start, end)} | {(compact(one, start), compact(one, end)) for one in types}
    given = {(one.lower(), other.lower()) for one, other in pairs}
    if len(parts) > 1:
        found = {Ends(*pair) for pair in given}
    else:
        found = {each for whole, _ in given for each in (Ends(whole, ""), Ends("", whole))}
    return tuple(sorted(each for each in found if max(len(each.start), len(each.end)) >= SHORTEST_PART))
