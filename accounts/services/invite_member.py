"""Invites a person by e-mail."""

import uuid
from datetime import datetime

from accounts.invitation_tokens import make_token
from accounts.models import Invitation
from accounts.queries import get_organization
from accounts.rules.invitations import VALID_FOR
from accounts.rules.people import read_address
from accounts.services.add_member import AlreadyMember
from accounts.services.invitation_events import find_inviter, record_invitation_event, send_invitation
from accounts.team import find_open_invitation, list_present, lock_person
from accounts.types import Role
from core.actor import Actor
from core.errors import Duplicate
from core.unit_of_work import service


class AlreadyInvited(Duplicate):
    """The address has an invitation that can be sent again; `details.id` says which."""

    message = "This address has an open invitation already: send it again, or revoke it."

    def __init__(self, invitation_id: uuid.UUID) -> None:
        super().__init__(details={"reason": "already_invited", "id": str(invitation_id)})


@service
def invite_member(*, actor: Actor, email: str, role: Role, now: datetime) -> Invitation:
    """Insert an invitation to the actor's organization, valid for 7 days, queue its mail, and return it.

    Raises ValidationFailed, AlreadyMember (a suspended one too: that one is reactivated instead) and AlreadyInvited.
    """
    address = read_address(email)
    lock_person(email=address)
    _refuse_twice(actor.organization_id, address)
    token = make_token()
    inviter = find_inviter(actor)
    invitation = Invitation.objects.create(
        organization_id=actor.organization_id,
        email=address,
        role=role.value,
        public_id=token.public_id,
        token_hash=token.token_hash,
        expires_at=now + VALID_FOR,
        sent_at=now,
        invited_by=inviter,
        created_at=now,
    )
    organization = get_organization(organization_id=actor.organization_id)
    send_invitation(invitation=invitation, organization=organization, token=token.full, invited_by=inviter, now=now)
    record_invitation_event(
        actor=actor, kind="invitation.sent", invitation=invitation, payload={"role": role.value}, now=now
    )
    return invitation


def _refuse_twice(organization_id: uuid.UUID, address: str) -> None:
    if list_present(organization_id).filter(user__email=address).exists():
        raise AlreadyMember
    held = find_open_invitation(organization_id=organization_id, email=address)
    if held is not None:
        raise AlreadyInvited(held.id)
