"""Replaces an API key by a new one with the same settings."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from accounts.issuing import issue_key
from accounts.models import ApiKey
from accounts.queries import lock_api_key
from accounts.rules.key_states import require_rotatable
from accounts.types import ROTATION_OVERLAP_HOURS, KeyType
from core.actor import Actor
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import service
from events.services.record import record

# With rate_group, a rotated key shares its successor's count (contract §6).
_INHERITED = (
    "name",
    "permissions",
    "is_enabled",
    "expires_at",
    "allowed_ips",
    "allowed_origins",
    "require_origin",
    "rate_limit_per_minute",
    "rate_limit_per_day",
    "rate_group",
)


@service
def rotate_api_key(
    *, actor: Actor, key_id: uuid.UUID, overlap_hours: int, created_by: uuid.UUID | None = None, now: datetime
) -> tuple[ApiKey, str]:
    """Insert the successor and return it with its full key; the old one stays valid for that many hours.

    Raises NotFound, ValidationFailed, KeyRevoked, KeyAlreadyRotated and KeyExpired.
    """
    if overlap_hours not in ROTATION_OVERLAP_HOURS:
        choice = ", ".join(map(str, ROTATION_OVERLAP_HOURS))
        raise ValidationFailed.of_field("overlap_hours", f"must be one of {choice}")
    old = lock_api_key(organization_id=actor.organization_id, key_id=key_id)
    require_rotatable(revoked_at=old.revoked_at, expires_at=old.expires_at, now=now)
    old.revoked_at = now + timedelta(hours=overlap_hours)
    old.save(update_fields=["revoked_at"])
    successor, full = _issue_successor(old, created_by=created_by, now=now)
    record(
        actor=replace(actor, environment=Environment(old.environment)),
        kind="key.rotated",
        subject_type="api_key",
        subject_id=str(old.id),
        payload={"successor_id": str(successor.id), "overlap_hours": overlap_hours},
        now=now,
    )
    return successor, full


def _issue_successor(old: ApiKey, *, created_by: uuid.UUID | None, now: datetime) -> tuple[ApiKey, str]:
    return issue_key(
        organization_id=old.organization_id,
        environment=Environment(old.environment),
        key_type=KeyType(old.key_type),
        created_by_id=created_by,
        created_at=now,
        **{field: getattr(old, field) for field in _INHERITED},
    )
