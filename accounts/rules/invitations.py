"""Where an invitation stands."""

from datetime import datetime, timedelta

from accounts.types import InvitationState

VALID_FOR = timedelta(days=7)


def decide_state(
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> InvitationState:
    """Return the state as of now; an end that somebody made counts before the one that time makes."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if revoked_at is not None:
        return InvitationState.REVOKED
    if closed_at is not None:
        return InvitationState.CLOSED
    return InvitationState.EXPIRED if expires_at <= now else InvitationState.PENDING
