"""Sends an invitation again."""

import uuid
from datetime import datetime, timedelta

from accounts.invitation_tokens import make_token
from accounts.models import Invitation
from accounts.queries import get_organization
from accounts.rules.invitations import VALID_FOR
from accounts.services.invitation_events import find_inviter, record_invitation_event, send_invitation
from accounts.services.open_invitation import InvitationEnded
from accounts.team import lock_invitation, read_state
from accounts.types import InvitationState
from core.actor import Actor
from core.unit_of_work import service

SENT_ONCE_IN = timedelta(minutes=1)


@service
def resend_invitation(*, actor: Actor, invitation_id: uuid.UUID, now: datetime) -> Invitation:
    """Send the invitation with a new link for 7 more days, expired or not, and return it; the old link is dead.

    One that went out within the last minute stays as it is, so that a form that is sent twice sends one mail. Raises
    NotFound and InvitationEnded.
    """
    invitation = lock_invitation(organization_id=actor.organization_id, invitation_id=invitation_id)
    if read_state(invitation, now=now) not in {InvitationState.PENDING, InvitationState.EXPIRED}:
        raise InvitationEnded
    if now - invitation.sent_at < SENT_ONCE_IN:
        return invitation
    token, expired_at = make_token(public_id=invitation.public_id), invitation.expires_at
    invitation.token_hash = token.token_hash
    invitation.expires_at, invitation.sent_at = now + VALID_FOR, now
    invitation.sent_count += 1
    invitation.save(update_fields=["token_hash", "expires_at", "sent_at", "sent_count"])
    send_invitation(
        invitation=invitation,
        organization=get_organization(organization_id=actor.organization_id),
        token=token.full,
        invited_by=find_inviter(actor),
        now=now,
    )
    record_invitation_event(
        actor=actor,
        kind="invitation.resent",
        invitation=invitation,
        payload={
            "sent_count": invitation.sent_count,
            "expires_at": {"before": expired_at.isoformat(), "after": invitation.expires_at.isoformat()},
        },
        now=now,
    )
    return invitation
