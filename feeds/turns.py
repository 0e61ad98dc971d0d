"""Whose turn it is: one worker at a time fetches lists, and one reads them, so that slow ones never hold them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from core.sql import Statement, run_statement

_LOCK_CLASS = 0xFEED
"""Tells these advisory locks from others'."""

_TAKE = "SELECT pg_try_advisory_lock(%(lock_class)s::int, %(turn)s::int)"
_GIVE_UP = "SELECT pg_advisory_unlock(%(lock_class)s::int, %(turn)s::int)"


class Turn(IntEnum):
    """What only one worker does at a time."""

    FETCH = 1
    READ = 2


@contextmanager
def take_turn(turn: Turn) -> Iterator[bool]:
    """Yield at once whether nobody else has the turn. It is over with the block, or when its connection ends."""
    named = {"lock_class": _LOCK_CLASS, "turn": turn.value}
    is_mine: bool = run_statement(Statement(_TAKE, named))[0][0]
    try:
        yield is_mine
    finally:
        if is_mine:
            run_statement(Statement(_GIVE_UP, named))
