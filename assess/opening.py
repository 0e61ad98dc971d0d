"""A call's first round trip: the way in, the claim of its idempotency key, and then what it asks the database first."""

from collections.abc import Sequence
from typing import NoReturn

from django.db import DatabaseError

from accounts.entry import Entry
from assess.deadline import Deadline, StatementTimedOut, raise_timely
from assess.idempotency import InProgress
from core.sql import Statement, place_of, run_statement
from core.sql_exchange import Rows


class ClaimLost(Exception):
    """Somebody else holds the key: what was asked along with the claim is void."""


class Opening:
    """Sends the entry and the claim along with whatever is run first; later runs are as `Deadline.run`."""

    def __init__(self, *, entry: Entry | None, claim: Statement | None, deadline: Deadline) -> None:
        self._entry = entry
        self._claim = claim
        self._deadline = deadline

    def run(
        self, statements: Sequence[Statement], *, share: float = 1.0, undo: Statement | None = None
    ) -> tuple[list[Rows], DatabaseError | None]:
        """Run the statements in one round trip, each within that share of what is left.

        Return their rows, and the first failure when it is one of theirs. Raises KeyChanged, the 429 and its kin for
        the entry; ClaimLost, InProgress (409) for the claim; StatementTimedOut when the database says nothing at all.
        After ClaimLost the transaction goes on: `undo` takes back to a savepoint among the statements when one failed.
        """
        before = self._take_entry()
        lead = self._take_claim()
        inside = [*lead, self._deadline.make_limit(share=share), *statements]
        answers, error = self._deadline.exchange([before, inside] if before else [inside])
        if before or error is not None:
            self._settle(answers[1 : len(before)], error)
        first = len(before) + len(lead) + 1
        if error is not None and (place_of(error) or 0) < first:
            _explain_claim(error)
        if lead and not answers[len(before) + 1]:
            _lose_claim(error, undo)
        return answers[first:], error

    def _take_entry(self) -> list[Statement]:
        """Return the entry's own block, its limit first."""
        is_due = self._entry is not None and not self._entry.is_settled
        return [self._deadline.make_limit(), *self._entry.statements] if self._entry and is_due else []

    def _take_claim(self) -> list[Statement]:
        """Return the claim with the whole of the time left: a twin waits for it until its deadline."""
        claim, self._claim = self._claim, None
        return [self._deadline.make_limit(), claim] if claim else []

    def _settle(self, answers: Sequence[Rows], error: DatabaseError | None) -> None:
        """Take in the answers to the entry's statements, which follow its limit; none when it was settled before."""
        place = None if error is None else place_of(error)
        if error is not None and place is None:
            raise error
        if not answers or self._entry is None:
            return
        if error is not None and place is not None and place <= len(answers):
            _raise_entry(self._entry, error, place - 1)
        self._entry.settle(answers)


def _raise_entry(entry: Entry, error: DatabaseError, place: int) -> NoReturn:
    explained = entry.explain(error, place=place)
    if explained is error:
        raise_timely(error)
    raise explained


def _lose_claim(error: DatabaseError | None, undo: Statement | None) -> NoReturn:
    if error is not None:
        if undo is None:
            raise_timely(error)
        run_statement(undo)
    raise ClaimLost


def _explain_claim(error: DatabaseError) -> None:
    try:
        raise_timely(error)
    except StatementTimedOut:
        raise InProgress(details={"reason": "in_progress"}, headers={"Retry-After": "1"}) from None
