"""What may still be done with a key."""

from datetime import datetime
from enum import StrEnum

from core.errors import Duplicate


class KeyState(StrEnum):
    """Where a key stands in its life."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REPLACED = "replaced"  # rotated: valid until its overlap ends
    EXPIRED = "expired"
    REVOKED = "revoked"


class KeyRevoked(Duplicate):
    """The key has been ended for good."""

    message = "This key was revoked; make a new one."

    def __init__(self) -> None:
        super().__init__(details={"reason": "key_revoked"})


class KeyAlreadyRotated(Duplicate):
    """The key has a successor and lives only as long as the overlap."""

    message = "This key was rotated already; rotate its successor."

    def __init__(self) -> None:
        super().__init__(details={"reason": "key_rotated"})


class KeyExpired(Duplicate):
    """A successor would be born dead."""

    message = "This key has expired; give it a later expiry first."

    def __init__(self) -> None:
        super().__init__(details={"reason": "key_expired"})


def is_revoked(*, revoked_at: datetime | None, now: datetime) -> bool:
    """Say whether the key has ended; one that was rotated ends when its overlap does."""
    return revoked_at is not None and revoked_at <= now


def require_not_revoked(*, revoked_at: datetime | None, now: datetime) -> None:
    """Raise KeyRevoked for a key that has ended."""
    if is_revoked(revoked_at=revoked_at, now=now):
        raise KeyRevoked


def require_rotatable(*, revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> None:
    """Raise KeyRevoked, KeyAlreadyRotated or KeyExpired unless the key may have a successor."""
    require_not_revoked(revoked_at=revoked_at, now=now)
    if revoked_at is not None:
        raise KeyAlreadyRotated
    if expires_at is not None and expires_at <= now:
        raise KeyExpired


def decide_state(
    *, is_enabled: bool, revoked_at: datetime | None, expires_at: datetime | None, now: datetime
) -> KeyState:
    """Return where the key stands; of several, what cannot be undone comes first."""
    if is_revoked(revoked_at=revoked_at, now=now):
        return KeyState.REVOKED
    if expires_at is not None and expires_at <= now:
        return KeyState.EXPIRED
    if not is_enabled:
        return KeyState.DISABLED
    return KeyState.ACTIVE if revoked_at is None else KeyState.REPLACED
