"""When an entry may end."""

from datetime import UTC, datetime

from core.errors import ValidationFailed


def require_future(expires_at: datetime | None, *, now: datetime) -> datetime | None:
    """Return the time in UTC; None means for good. Raises ValidationFailed unless it is later than `now`."""
    if expires_at is None:
        return None
    try:
        moment = expires_at.astimezone(UTC)
    except OverflowError:  # an offset that leads out of the years 1 to 9999
        raise ValidationFailed.of_field("expires_at", "must be a year from 1 to 9999 in UTC") from None
    if moment <= now:
        raise ValidationFailed.of_field("expires_at", "must be in the future")
    return moment
