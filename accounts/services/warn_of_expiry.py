"""Warns an organization's admins by mail that a key is about to expire."""

import uuid
from datetime import datetime

from django.conf import settings

from accounts.models import ApiKey, Organization
from accounts.queries import get_organization, list_admins, lock_api_key
from accounts.rules.key_warnings import count_days_left, decide_warning
from accounts.types import KEY_PREFIXES, KeyType
from core.environments import Environment
from core.unit_of_work import service
from mail.services.queue_mail import queue_mail


@service
def warn_of_expiry(*, organization_id: uuid.UUID, key_id: uuid.UUID, now: datetime) -> bool:
    """Queue a mail to each admin when a warning is due, note which it was, and say whether one was.

    Harmless when repeated. Raises NotFound.
    """
    key = lock_api_key(organization_id=organization_id, key_id=key_id)
    due = _decide(key, now=now)
    if due is None:
        return False
    key.expiry_warned_for, key.expiry_warned_days = key.expires_at, due
    key.save(update_fields=["expiry_warned_for", "expiry_warned_days"])
    organization = get_organization(organization_id=organization_id)
    for admin in list_admins(organization_id=organization_id):
        queue_mail(
            recipient=admin.email,
            template="key_expiring",
            context=_describe(key, organization, now=now),
            language=admin.preferences.get("language") or organization.language,
            now=now,
        )
    return True


def _decide(key: ApiKey, *, now: datetime) -> int | None:
    if key.expires_at is None or key.revoked_at is not None or not key.is_enabled:
        return None
    return decide_warning(
        expires_at=key.expires_at,
        created_at=key.created_at,
        warned_for=key.expiry_warned_for,
        warned_days=key.expiry_warned_days,
        now=now,
    )


def _describe(key: ApiKey, organization: Organization, *, now: datetime) -> dict[str, object]:
    assert key.expires_at is not None  # noqa: S101  decided above
    return {
        "url": f"{settings.BASE_URL.rstrip('/')}/dashboard/connections/keys/{key.id}",
        "name": key.name,
        "tail": f"{KEY_PREFIXES[KeyType(key.key_type)]}{key.public_id}…{key.last_four}",
        "organization": organization.name,
        "days": count_days_left(expires_at=key.expires_at, now=now),
        "expires_at": key.expires_at,
        "timezone": organization.timezone,
        "is_production": key.environment == Environment.PRODUCTION,
    }
