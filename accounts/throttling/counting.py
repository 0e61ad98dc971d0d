"""Counts a call in whichever store the settings name, and refuses what is over a limit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import structlog
from django.conf import settings

from accounts.throttling.postgres import count_in_postgres
from accounts.throttling.redis import count_in_redis, ping_redis
from accounts.throttling.stores import Gates, StoreUnavailable
from accounts.throttling.windows import Count, RateSubject, describe_count, find_tightest, make_windows, seconds_until
from core.errors import AppError

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


def count_call(subjects: Sequence[RateSubject], *, code: RefusalCode, now: datetime) -> dict[str, str]:
    """Count one call of each subject and return the X-RateLimit headers, none when no limit is set.

    Subjects are gates in order: a call refused at one is not counted at those behind it, so that one visitor's flood
    does not use up the limit of the key that all visitors share. To be called outside a unit of work, whose rollback
    would uncount the call. Raises the 429 with that code, or RateLimitStoreUnavailable.
    """
    gates = [windows for subject in subjects if (windows := make_windows(subject, now=now))]
    if not gates:
        return {}
    counts = _count(gates, now=now)
    _refuse_over_limit(counts, code=code, now=now)
    shown = find_tightest([count for count in counts if count.window.is_shown])
    return describe_count(shown) if shown else {}


def check_rate_store() -> None:
    """Raise RateLimitStoreUnavailable when Redis keeps the counters and does not answer (readiness)."""
    if not settings.RATE_STORE_URL:
        return
    try:
        ping_redis(url=settings.RATE_STORE_URL)
    except StoreUnavailable as failure:
        _log.error("rate_store_failed", kind=str(failure))
        raise RateLimitStoreUnavailable from None


def _count(gates: Gates, *, now: datetime) -> list[Count]:
    try:
        if settings.RATE_STORE_URL:
            return count_in_redis(gates, url=settings.RATE_STORE_URL, now=now)
        return count_in_postgres(gates, now=now)
    except StoreUnavailable as failure:
        _log.error("rate_store_failed", kind=str(failure))
        raise RateLimitStoreUnavailable from None


def _refuse_over_limit(counts: Sequence[Count], *, code: RefusalCode, now: datetime) -> None:
    tightest = find_tightest(counts)
    if tightest is None or not any(count.is_over for count in counts):
        return
    waiting = {"Retry-After": str(seconds_until(tightest.ends_at, now=now))}
    raise _REFUSALS[code](headers=describe_count(tightest) | waiting)
