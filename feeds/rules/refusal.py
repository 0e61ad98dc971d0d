"""Why one line of a list is not taken."""

from enum import StrEnum


class Refusal(StrEnum):
    UNREADABLE = "unreadable"
    TOO_WIDE = "too_wide"
    INTERNAL = "internal"


class EntryRefused(ValueError):
    """A line that gives no entry; its text never holds the line."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
