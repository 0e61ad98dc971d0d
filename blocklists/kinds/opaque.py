"""Names that only their giver understands (customer ids, hashes, fingerprints): trimmed, kept as given otherwise."""

import re

from blocklists.types import MAXIMUM_VALUE_LENGTH
from core.identifiers.errors import InvalidShape

# C0, DEL, C1 and Unicode's own line ends: they cannot be seen, so nobody could tell two entries apart.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def compact(value: str) -> str:
    """Return the value without white space around it."""
    return value.strip()


def validate(value: str) -> str:
    """Return the value trimmed; upper and lower case stay apart.

    Raises:
        InvalidShape: empty, longer than 320 characters, or with control characters.
    """
    text = compact(value)
    if not 0 < len(text) <= MAXIMUM_VALUE_LENGTH:
        raise InvalidShape(f"This value has 1 to {MAXIMUM_VALUE_LENGTH} characters.")
    if _CONTROL.search(text):
        raise InvalidShape("This value must not have control characters.")
    return text
