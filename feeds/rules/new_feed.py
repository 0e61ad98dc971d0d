"""What may be said of a list that is added."""

import re
import unicodedata

from core.errors import ValidationFailed
from core.outbound import is_fetchable
from feeds.builtin.lists import BUILTIN_BY_CODE
from feeds.types import NewFeed

LONGEST_TITLE = 120
LONGEST_TEXT = 200
LONGEST_URL = 500
LONGEST_CODE = 50
LEAST_HOURS, MOST_HOURS = 1, 720
MOST_DAYS = 3650
_NOT_CODES = frozenset({*BUILTIN_BY_CODE, "new"})
"""`new` is the address of the form."""
_NOT_IN_CODES = re.compile(r"[^a-z0-9]+")


def require_sound(feed: NewFeed) -> None:
    """Raise ValidationFailed for what no list can be."""
    _require_text("title", feed.title, LONGEST_TITLE, is_required=True)
    _require_text("source", feed.source, LONGEST_TEXT)
    _require_text("licence", feed.licence, LONGEST_TITLE)
    if feed.url and (len(feed.url) > LONGEST_URL or not is_fetchable(feed.url)):
        raise ValidationFailed.of_field("url", "must be a public https address without credentials")
    if feed.schedule_hours is not None and not feed.url:
        raise ValidationFailed.of_field("schedule_hours", "needs a url")
    if feed.schedule_hours is not None and not LEAST_HOURS <= feed.schedule_hours <= MOST_HOURS:
        raise ValidationFailed.of_field("schedule_hours", f"must be from {LEAST_HOURS} to {MOST_HOURS}")
    if feed.stale_after_days is not None and not 1 <= feed.stale_after_days <= MOST_DAYS:
        raise ValidationFailed.of_field("stale_after_days", f"must be from 1 to {MOST_DAYS}")


def _require_text(field: str, text: str, longest: int, *, is_required: bool = False) -> None:
    if is_required and not text.strip():
        raise ValidationFailed.of_field(field, "This field is required.")
    if len(text) > longest or not text.isprintable():
        raise ValidationFailed.of_field(field, f"must be text of at most {longest} readable characters")


def make_code(title: str, *, taken: frozenset[str]) -> str:
    """Return the name by which facts and addresses tell the list: of letters, digits and hyphens, and not taken.

    Clausum's own have underscores, so none is ever theirs.
    """
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = _NOT_IN_CODES.sub("-", folded).strip("-")[:LONGEST_CODE].strip("-") or "list"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 4))
    return next(name for name in names if name not in taken and name not in _NOT_CODES)
