"""Withdraws an invitation."""

import uuid
from datetime import datetime

from accounts.models import Invitation
from accounts.services.invitation_events import record_invitation_event
from accounts.services.open_invitation import InvitationEnded
from accounts.team import lock_invitation, read_state
from accounts.types import InvitationState
from core.actor import Actor
from core.unit_of_work import service


@service
def revoke_invitation(*, actor: Actor, invitation_id: uuid.UUID, now: datetime) -> Invitation:
    """End the invitation, its link with it, and return it; one that was revoked already stays as it is.

    Raises NotFound, and InvitationEnded when its person came in first.
    """
    invitation = lock_invitation(organization_id=actor.organization_id, invitation_id=invitation_id)
    state = read_state(invitation, now=now)
    if state is InvitationState.REVOKED:
        return invitation
    if state not in {InvitationState.PENDING, InvitationState.EXPIRED}:
        raise InvitationEnded
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record_invitation_event(
        actor=actor,
        kind="invitation.revoked",
        invitation=invitation,
        payload={"state": {"before": state.value, "after": InvitationState.REVOKED.value}},
        now=now,
    )
    return invitation
