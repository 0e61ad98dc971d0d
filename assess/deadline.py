"""The deadline of one assessment: every statement gets only what is left of it (contract §6, 504)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import psycopg
from django.conf import settings
from django.db import DatabaseError, OperationalError

from core.clock import read_monotonic_ms
from core.errors import AppError
from core.sql import Statement, try_blocks
from core.sql_exchange import Rows, Unresponsive

GRACE_MS = 100
"""What a database that cancels a statement at the deadline has to say so."""

_LIMIT = "SELECT set_config('statement_timeout', %(milliseconds)s, true)"


class AssessTimeout(AppError):
    status = 504
    code = "ASSESS_TIMEOUT"
    message = "The deadline passed before the decision was recorded; retry with the same idempotency key."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock after which nothing is committed."""

    ends_at_ms: float
    read_ms: Callable[[], float]

    def left_ms(self) -> int:
        """Return the whole milliseconds left; raises AssessTimeout when there are none."""
        left = int(self.ends_at_ms - self.read_ms())
        if left <= 0:
            raise AssessTimeout
        return left

    def run(self, statements: Sequence[Statement], *, share: float = 1.0) -> list[Rows]:
        """Run the statements in one round trip, each within what is left (or that share of it).

        Raises StatementTimedOut when one took longer, and when the database said nothing at all; must be called inside
        a transaction.
        """
        answers, error = self.exchange([[self.make_limit(share=share), *statements]])
        if error is not None:
            raise_timely(error)
        return answers[1:]

    def make_limit(self, *, share: float = 1.0) -> Statement:
        """Return the statement that gives each that follows it in its transaction what is left, or a share of it."""
        return Statement(_LIMIT, {"milliseconds": str(max(1, int(self.left_ms() * share)))})

    def exchange(self, blocks: Sequence[Sequence[Statement]]) -> tuple[list[Rows], DatabaseError | None]:
        """Run the blocks in one round trip; return the rows up to the first failure, and the failure.

        The wait for the database ends a moment after the deadline, whatever it does. Raises StatementTimedOut then.
        """
        until_ms = read_monotonic_ms() + self.left_ms() + GRACE_MS
        try:
            return try_blocks(blocks, until_ms=until_ms)
        except OperationalError as error:
            if isinstance(error.__cause__, Unresponsive):
                raise StatementTimedOut from error
            raise


def make_deadline(started_ms: float) -> Deadline:
    """Return the deadline of a call that began at that moment of the monotonic clock."""
    return Deadline(ends_at_ms=started_ms + settings.ASSESS_DEADLINE_MS, read_ms=read_monotonic_ms)


def raise_timely(error: DatabaseError) -> NoReturn:
    """Raise a failed statement's error, StatementTimedOut when it is that it took too long."""
    if isinstance(error.__cause__, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        raise StatementTimedOut from error
    raise error


class StatementTimedOut(AssessTimeout):
    """A statement, not the sum of them, used up the time."""
