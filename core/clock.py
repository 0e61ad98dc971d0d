"""The one place that reads the time. Only interfaces call it; services and rules are given `now`."""

import time
from datetime import UTC, datetime


def read_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def read_monotonic_ms() -> float:
    """Return milliseconds of a clock that never goes back, for measuring spans."""
    return time.monotonic() * 1000
