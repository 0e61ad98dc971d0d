"""Ends a sign-in over the API."""

import uuid
from datetime import datetime

from accounts.models import AccessToken
from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record


@service
def end_token(*, actor: Actor, token_id: uuid.UUID, now: datetime) -> None:
    """End the token at once; nothing is recorded when it has ended already."""
    tokens = AccessToken.objects.for_organization(actor.organization_id).filter(pk=token_id, ended_at=None)
    if not tokens.update(ended_at=now):
        return
    record(
        actor=actor,
        kind="token.ended",
        subject_type="access_token",
        subject_id=str(token_id),
        payload={},
        now=now,
    )
