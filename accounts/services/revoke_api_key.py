"""Ends an API key for good."""

import uuid
from dataclasses import replace
from datetime import datetime

from accounts.models import ApiKey
from accounts.queries import lock_api_key
from accounts.rules.key_states import is_revoked
from core.actor import Actor
from core.environments import Environment
from core.unit_of_work import service
from events.services.record import record


@service
def revoke_api_key(*, actor: Actor, key_id: uuid.UUID, now: datetime) -> ApiKey:
    """End the key at once, within a rotation's overlap too, and return it.

    One that has ended stays as it is and nothing is recorded. Raises NotFound.
    """
    key = lock_api_key(organization_id=actor.organization_id, key_id=key_id)
    if is_revoked(revoked_at=key.revoked_at, now=now):
        return key
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    record(
        actor=replace(actor, environment=Environment(key.environment)),
        kind="key.revoked",
        subject_type="api_key",
        subject_id=str(key.id),
        payload={"public_id": key.public_id},
        now=now,
    )
    return key
