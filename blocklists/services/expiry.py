"""When an entry may end."""

from datetime import UTC, datetime

from blocklists.types import LAST_YEAR
from core.errors import ValidationFailed


def require_future(expires_at: datetime | None, *, now: datetime) -> datetime | None:
    """Return the time in UTC; None means for good.

    Raises ValidationFailed unless it is later than `now`, and no later than the last year that an end may be of.
    """
    if expires_at is None:
        return None
    try:
        moment = expires_at.astimezone(UTC)
    except OverflowError:  # an offset that leads out of the years 1 to 9999
        raise _refuse_year() from None
    if moment.year > LAST_YEAR:
        raise _refuse_year()
    if moment <= now:
        raise ValidationFailed.of_field("expires_at", "must be in the future")
    return moment


def _refuse_year() -> ValidationFailed:
    return ValidationFailed.of_field("expires_at", f"must be of the year {LAST_YEAR} in UTC or before")
