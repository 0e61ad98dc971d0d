"""One call's way in: what was believed of its key, and the statements by which the database makes sure.

They travel with the call's first statements, as a block that commits by itself: a call is counted and its key's use
noted whatever becomes of it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from accounts.known_keys import is_same_but_for_its_use, learn
from accounts.last_use import make_use_statement
from accounts.queries import make_key_statement
from accounts.throttling import CountedCall, RateSubject, make_unavailable
from accounts.types import KeyFacts
from core.errors import ServiceUnavailable
from core.sql import Statement, place_of, run_again_if_lost

type Rows = list[tuple[Any, ...]]

_KEY_PLACE, _COUNT_PLACE = 0, 1


class KeyChanged(ServiceUnavailable):
    """The key is no longer what this process knew; what was done on that ground must be undone, and done anew.

    A key that changes again while that is done is told as a 503.
    """


class Entry:
    """A call that was let in on what is known of its key, until the database has said the same."""

    def __init__(
        self, key: KeyFacts, *, subjects: Sequence[RateSubject], address: str, endpoint: str, now: datetime
    ) -> None:
        """Raises RateLimitStoreUnavailable when the counters are in Redis and it does not answer."""
        self._key = key
        self._call = CountedCall(subjects, code="RATE_LIMIT_EXCEEDED", now=now)
        self._counting = self._call.statement
        self._using = make_use_statement(key=key, address=address, endpoint=endpoint, now=now)
        self.is_settled = False
        self.is_changed = False
        self.headers: dict[str, str] = {}

    @property
    def statements(self) -> list[Statement]:
        """The key's look-up, then the count and the use when there is something to write."""
        asked = make_key_statement(public_id=self._key.public_id)
        return [asked, *(statement for statement in (self._counting, self._using) if statement is not None)]

    def settle(self, answers: Sequence[Rows]) -> None:
        """Take in the answers to the statements; `headers` are the rate limit's from then on.

        Raises KeyChanged when the key is not what was believed, and the 429 when it has made all its calls.
        """
        self.is_settled = True
        found = learn(self._key.public_id, answers[_KEY_PLACE])
        # Compared with what this very call was let in on: another thread may have learnt of a change meanwhile.
        self.is_changed = not is_same_but_for_its_use(self._key, found)
        if self.is_changed:
            raise KeyChanged
        self.headers = self._call.settle(answers[_COUNT_PLACE] if self._counting else [])

    def settle_alone(self) -> None:
        """Settle in a round trip of its own, on a new connection when this one is dead.

        Raises what `settle` does, and RateLimitStoreUnavailable.
        """
        try:
            answers = run_again_if_lost(self.statements)
        except DatabaseError as error:
            raise self.explain(error, place=place_of(error)) from None
        self.settle(answers)

    def explain(self, error: DatabaseError, *, place: int | None) -> Exception:
        """Return what a failure of the statement at that place of `statements` means.

        Of the count, that nobody knows whether the limit is kept; of another, itself.
        """
        if self._counting is not None and place == _COUNT_PLACE:
            return make_unavailable(type(error).__name__)
        return error
