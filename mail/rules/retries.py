"""When a message that could not be handed over is tried again, and when it no longer is."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
"""The links in our messages live no longer than days; what arrives later than one misleads."""
PERMANENT = 500
"""From here on a server's reply says that asking again is of no use (RFC 5321 §4.2.1)."""


def decide_next_try(*, created_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """Return 30 s from now after the first attempt, doubling up to an hour; None once the message is a day old."""
    if now - created_at >= GIVEN_UP_AFTER:
        return None
    return now + min(FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)


def is_permanent(*, reply_code: int | None) -> bool:
    """Say whether the server's reply about a recipient is its last word."""
    return reply_code is not None and reply_code >= PERMANENT
