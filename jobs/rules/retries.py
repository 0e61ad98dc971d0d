"""What becomes of a job that did not get any further."""

from datetime import timedelta

MOST_ATTEMPTS = 5
_FIRST_SECONDS = 5


def find_wait(*, attempts: int) -> timedelta | None:
    """Return how long to wait after that many attempts in a row; None when there have been enough."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(seconds=_FIRST_SECONDS << max(attempts - 1, 0))
