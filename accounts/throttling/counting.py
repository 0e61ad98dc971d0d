"""Counts a call in whichever store the settings name, and refuses what is over a limit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import structlog
from django.conf import settings
from django.db import Error

from accounts.throttling.leases import choose_block, keep, spend
from accounts.throttling.postgres import make_count_statement, read_counts
from accounts.throttling.redis import count_in_redis, ping_redis
from accounts.throttling.stores import StoreUnavailable
from accounts.throttling.windows import Count, RateSubject, describe_count, find_tightest, make_windows, seconds_until
from core.errors import AppError
from core.sql import Statement, run_statement

_log = structlog.get_logger("accounts")


class RateLimitExceeded(AppError):
    """A partner's key has made all the calls that it may."""

    status = 429
    code = "RATE_LIMIT_EXCEEDED"
    message = "Too many calls: wait as Retry-After says."


class RateLimited(AppError):
    """A person has made all the calls that they may."""

    status = 429
    code = "RATE_LIMITED"
    message = "Too many calls: wait as Retry-After says."


class RateLimitStoreUnavailable(AppError):
    """The counters cannot be reached, so nobody knows whether this call is within its limit (contract §6)."""

    status = 503
    code = "RATE_LIMIT_STORE_UNAVAILABLE"
    message = "The rate limit cannot be checked just now; try again."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


type RefusalCode = Literal["RATE_LIMIT_EXCEEDED", "RATE_LIMITED"]
_REFUSALS: dict[RefusalCode, type[AppError]] = {
    "RATE_LIMIT_EXCEEDED": RateLimitExceeded,
    "RATE_LIMITED": RateLimited,
}


class CountedCall:
    """A call that is being counted: with a statement still to be run, or with its counters known already.

    Subjects are gates in order: a call refused at one is not counted at those behind it, so that one visitor's flood
    does not use up the limit of the key that all visitors share. Raises RateLimitStoreUnavailable.
    """

    def __init__(self, subjects: Sequence[RateSubject], *, code: RefusalCode, now: datetime) -> None:
        self._gates = [windows for subject in subjects if (windows := make_windows(subject, now=now))]
        self._windows = [window for gate in self._gates for window in gate]
        self._code = code
        self._now = now
        # Behind a gate of each visitor's own, every call is counted singly: the gate before must count it too.
        self._is_leased = len(self._gates) == 1
        self._block = 1
        self._counts: list[Count] | None = [] if not self._gates else self._find_counts()

    @property
    def statement(self) -> Statement | None:
        """What is to be run, outside any transaction whose rollback would uncount the call, or None."""
        if self._counts is not None:
            return None
        self._block = choose_block(self._windows) if self._is_leased else 1
        return make_count_statement(self._gates, calls=self._block, now=self._now)

    def settle(self, rows: Sequence[tuple[Any, ...]]) -> dict[str, str]:
        """Return the X-RateLimit headers, none when no limit is set; raises the 429.

        `rows` are the statement's; without a statement they are not looked at.
        """
        if self._counts is None:
            self._counts = read_counts(self._gates, rows)
            if self._is_leased:
                self._counts = keep(self._windows, self._counts, block=self._block)
        _refuse_over_limit(self._counts, code=self._code, now=self._now)
        shown = find_tightest([count for count in self._counts if count.window.is_shown])
        return describe_count(shown) if shown else {}

    def _find_counts(self) -> list[Count] | None:
        if not settings.RATE_STORE_URL:
            return spend(self._windows, now=self._now) if self._is_leased else None
        try:
            return count_in_redis(self._gates, url=settings.RATE_STORE_URL, now=self._now)
        except StoreUnavailable as failure:
            raise make_unavailable(str(failure)) from None


def count_call(subjects: Sequence[RateSubject], *, code: RefusalCode, now: datetime) -> dict[str, str]:
    """Count one call of each subject and return the X-RateLimit headers, none when no limit is set.

    To be called outside a unit of work. Raises the 429 with that code, or RateLimitStoreUnavailable.
    """
    call = CountedCall(subjects, code=code, now=now)
    statement = call.statement
    if statement is None:
        return call.settle([])
    try:
        rows = run_statement(statement)
    except Error as error:
        raise make_unavailable(type(error).__name__) from None
    return call.settle(rows)


def make_unavailable(kind: str) -> RateLimitStoreUnavailable:
    """Return the 503 for a store that did not count, and log what kind of failure it was."""
    _log.error("rate_store_failed", kind=kind)
    return RateLimitStoreUnavailable()


def check_rate_store() -> None:
    """Raise RateLimitStoreUnavailable when Redis keeps the counters and does not answer (readiness)."""
    if not settings.RATE_STORE_URL:
        return
    try:
        ping_redis(url=settings.RATE_STORE_URL)
    except StoreUnavailable as failure:
        raise make_unavailable(str(failure)) from None


def _refuse_over_limit(counts: Sequence[Count], *, code: RefusalCode, now: datetime) -> None:
    tightest = find_tightest(counts)
    if tightest is None or not any(count.is_over for count in counts):
        return
    waiting = {"Retry-After": str(seconds_until(tightest.ends_at, now=now))}
    raise _REFUSALS[code](headers=describe_count(tightest) | waiting)
