"""What may still be done with a key."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.key_states import (
    KeyAlreadyRotated,
    KeyExpired,
    KeyRevoked,
    KeyState,
    decide_state,
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


@pytest.mark.parametrize(
    ("is_enabled", "revoked_at", "expires_at", "state"),
    [
        (True, None, None, KeyState.ACTIVE),
        (True, None, SOON, KeyState.ACTIVE),
        (False, None, SOON, KeyState.DISABLED),
        (True, SOON, None, KeyState.REPLACED),
        (False, SOON, None, KeyState.DISABLED),
        (True, None, NOW, KeyState.EXPIRED),
        (False, SOON, NOW, KeyState.EXPIRED),
        (False, NOW, NOW, KeyState.REVOKED),
    ],
)
def test_of_several_states_what_cannot_be_undone_comes_first(
    is_enabled: bool, revoked_at: datetime | None, expires_at: datetime | None, state: KeyState
) -> None:
    assert decide_state(is_enabled=is_enabled, revoked_at=revoked_at, expires_at=expires_at, now=NOW) is state
