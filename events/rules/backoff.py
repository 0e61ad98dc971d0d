"""How long a delivery that failed waits for its next try."""

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


def get_wait(*, attempts: int) -> timedelta:
    """Return 30 s after the first attempt, doubling up to an hour; a delivery is never given up."""
    doublings = min(attempts - 1, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
