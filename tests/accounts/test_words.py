"""Every stored code of the team has words."""

from accounts.permissions import ROLE_PERMISSIONS
from accounts.types import InvitationState, Role
from accounts.words import INVITATION_LABELS, PERMISSION_WORDS, ROLE_LABELS, ROLE_SUMMARIES


def test_every_permission_of_a_role_has_words_and_no_other_has() -> None:
    assert set(PERMISSION_WORDS) == set().union(*ROLE_PERMISSIONS.values())


def test_every_role_and_state_has_words() -> None:
    assert set(ROLE_LABELS) == set(ROLE_SUMMARIES) == set(Role)
    assert set(INVITATION_LABELS) == set(InvitationState)
