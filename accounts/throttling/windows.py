"""What is counted, for how long, and what a client is told of it. No clock and no store here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(seconds=60)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RateSubject:
    """One who is counted, with the limits that apply; None is no limit.

    The limits of one that is not `is_shown` are told only when they refuse a call.
    """

    name: str
    per_minute: int | None
    per_day: int | None
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """One counter. `ends_at` is when it ends if this call is its first."""

    name: str
    limit: int
    ends_at: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A counter after this call."""

    window: Window
    calls: int
    ends_at: datetime

    @property
    def remaining(self) -> int:
        return max(self.window.limit - self.calls, 0)

    @property
    def is_over(self) -> bool:
        return self.calls > self.window.limit


def make_windows(subject: RateSubject, *, now: datetime) -> tuple[Window, ...]:
    """Return the windows that the subject's limits ask for, none when it has no limit; `now` is in UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    asked = (("m", subject.per_minute, now + MINUTE), ("d", subject.per_day, midnight))
    return tuple(
        Window(f"{subject.name}:{suffix}", limit, ends_at, subject.is_shown)
        for suffix, limit, ends_at in asked
        if limit is not None
    )


def find_tightest(counts: Sequence[Count]) -> Count | None:
    """Return the counter with the fewest calls left, of equals the one that ends last; None of none."""
    return min(counts, key=lambda count: (count.remaining, -count.ends_at.timestamp()), default=None)


def describe_count(count: Count) -> dict[str, str]:
    """Return the X-RateLimit headers; Reset is in Unix seconds, rounded up."""
    return {
        "X-RateLimit-Limit": str(count.window.limit),
        "X-RateLimit-Remaining": str(count.remaining),
        "X-RateLimit-Reset": str(math.ceil(count.ends_at.timestamp())),
    }


def seconds_until(at: datetime, *, now: datetime) -> int:
    """Return whole seconds for Retry-After, at least 1."""
    return max(math.ceil((at - now).total_seconds()), 1)
