"""The deadline of one assessment: every statement gets only what is left of it (contract §6, 504)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DatabaseError

from core.errors import AppError
from core.sql import Statement, run_statements

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

    def run(self, statements: Sequence[Statement], *, share: float = 1.0) -> list[list[tuple[Any, ...]]]:
        """Run the statements in one round trip, each within what is left (or that share of it).

        Raises StatementTimedOut when one took longer; must be called inside a transaction.
        """
        limit = Statement(_LIMIT, {"milliseconds": str(max(1, int(self.left_ms() * share)))})
        try:
            return run_statements([limit, *statements])[1:]
        except DatabaseError as error:
            if isinstance(error.__cause__, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
                raise StatementTimedOut from error
            raise


class StatementTimedOut(AssessTimeout):
    """A statement, not the sum of them, used up the time."""
