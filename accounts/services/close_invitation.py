"""Ends an invitation whose person has access already."""

import uuid
from datetime import datetime

from accounts.models import Invitation
from accounts.services.invitation_events import record_invitation_event
from accounts.team import find_open_invitation
from core.actor import Actor
from core.unit_of_work import service


@service
def close_open_invitation(*, actor: Actor, email: str, now: datetime) -> None:
    """Close the open invitation of that canonical address to the actor's organization, if there is one."""
    invitation = find_open_invitation(organization_id=actor.organization_id, email=email)
    if invitation is not None:
        close_invitation(actor=actor, invitation=invitation, now=now)


@service
def close_invitation(*, actor: Actor, invitation: Invitation, now: datetime) -> uuid.UUID:
    """Close it and return its id."""
    invitation.closed_at = now
    invitation.save(update_fields=["closed_at"])
    record_invitation_event(
        actor=actor,
        kind="invitation.closed",
        invitation=invitation,
        payload={"reason": "has_access"},
        now=now,
    )
    return invitation.id
