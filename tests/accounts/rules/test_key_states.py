"""What may still be done with a key."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.key_states import (
    KeyAlreadyRotated,
    KeyExpired,
    KeyRevoked,
    is_revoked,
    require_not_revoked,
    require_rotatable,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)


@pytest.mark.parametrize(("revoked_at", "revoked"), [(None, False), (SOON, False), (NOW, True)])
def test_a_key_is_revoked_from_that_very_moment(revoked_at: datetime | None, revoked: bool) -> None:
    assert is_revoked(revoked_at=revoked_at, now=NOW) is revoked


def test_a_key_within_its_overlap_may_be_changed_but_not_rotated_again() -> None:
    require_not_revoked(revoked_at=SOON, now=NOW)
    with pytest.raises(KeyAlreadyRotated) as refusal:
        require_rotatable(revoked_at=SOON, expires_at=None, now=NOW)
    assert (refusal.value.status, refusal.value.details) == (409, {"reason": "key_rotated"})


def test_a_revoked_key_may_be_neither_changed_nor_rotated() -> None:
    with pytest.raises(KeyRevoked) as refusal:
        require_not_revoked(revoked_at=NOW, now=NOW)
    assert (refusal.value.status, refusal.value.details) == (409, {"reason": "key_revoked"})
    with pytest.raises(KeyRevoked):
        require_rotatable(revoked_at=NOW, expires_at=None, now=NOW)


def test_an_expired_key_has_no_successor() -> None:
    require_rotatable(revoked_at=None, expires_at=SOON, now=NOW)
    with pytest.raises(KeyExpired) as refusal:
        require_rotatable(revoked_at=None, expires_at=NOW, now=NOW)
    assert (refusal.value.status, refusal.value.details) == (409, {"reason": "key_expired"})
