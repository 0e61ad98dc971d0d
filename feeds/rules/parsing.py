"""Reading a list as it is published: one entry a line, comments, or a CSV whose first column counts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from feeds.rules.refusal import EntryRefused, Refusal
from feeds.rules.values import normalize
from feeds.types import FeedKind

LONGEST_LINE = 2_000
_UNREAD = "?"
"""No kind has such an entry."""
_COMMENT = re.compile(r"(?:#|;|//).*")  # FireHOL writes #, Spamhaus ;
_END_OF_FIRST = re.compile(r"[,;\t|]|\s(?=\S)")


class Tally:
    """What became of the lines: how many gave an entry, and why the others did not."""

    def __init__(self) -> None:
        self.taken = 0
        self.refused: Counter[Refusal] = Counter()

    @property
    def lines(self) -> int:
        """All lines that were meant to give an entry."""
        return self.taken + self.refused.total()

    @property
    def is_mostly_unreadable(self) -> bool:
        """Say whether this is another kind of file than it was taken for."""
        return self.refused[Refusal.UNREADABLE] > self.taken


def read_entries(lines: Iterable[str], *, kind: FeedKind, tally: Tally) -> Iterator[str]:
    """Yield the canonical entries, repeats and all, and count the lines in `tally`.

    A first line that cannot be read is taken for the heading of a CSV and not counted.
    """
    is_first = True
    for line in lines:
        text = _take_first_column(line)
        if not text:
            continue
        try:
            value = normalize(kind, text)
        except EntryRefused as refused:
            if not (is_first and refused.refusal is Refusal.UNREADABLE and _looks_like_heading(text)):
                tally.refused[refused.refusal] += 1
        else:
            tally.taken += 1
            yield value
        is_first = False


def _take_first_column(line: str) -> str:
    if len(line) > LONGEST_LINE:
        return _UNREAD
    text = _COMMENT.sub("", line).strip()
    return _END_OF_FIRST.split(text, maxsplit=1)[0].strip().strip("\"'").strip()


def _looks_like_heading(text: str) -> bool:
    """Say whether it is a column's name, such as `ip_address` or `Domain`."""
    return text.isascii() and text.replace("_", "").replace(" ", "").isalpha()
