"""What is done with every invitation: told to the audit trail, and sent by mail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Invitation, Organization, User
from accounts.types import Role
from accounts.words import ROLE_LABELS
from core.actor import Actor, ActorKind, make_system_actor
from core.environments import Environment
from core.unit_of_work import service
from events.services.record import record
from mail.services.queue_mail import queue_mail


@service
def record_invitation_event(
    *, actor: Actor, kind: str, invitation: Invitation, payload: Mapping[str, Any], now: datetime
) -> None:
    """Record it about the invitation, its address apart."""
    record(
        actor=actor,
        kind=kind,
        subject_type="invitation",
        subject_id=str(invitation.pk),
        payload=payload,
        personal={"email": invitation.email},
        now=now,
    )


def find_inviter(actor: Actor) -> User | None:
    """Return the person who acts, or None for a job."""
    return User.objects.filter(pk=actor.id).first() if actor.id and actor.kind is ActorKind.USER else None


def make_visitor(invitation: Invitation) -> Actor:
    """Return the actor that somebody with a link is, before they have proved who they are."""
    return make_system_actor(
        organization_id=invitation.organization_id,
        environment=Environment(invitation.organization.default_environment),
        name="invitation",
    )


@service
def send_invitation(
    *, invitation: Invitation, organization: Organization, token: str, invited_by: User | None, now: datetime
) -> None:
    """Queue the mail with the link, in the organization's language."""
    queue_mail(
        recipient=invitation.email,
        template="invitation",
        context={
            "url": f"{settings.BASE_URL.rstrip('/')}/invite/{token}",
            "organization": organization.name,
            "role": ROLE_LABELS[Role(invitation.role)],
            "inviter": (invited_by.name or invited_by.email) if invited_by else "",
            "expires_at": invitation.expires_at,
            "timezone": organization.timezone,
        },
        language=organization.language,
        now=now,
    )
