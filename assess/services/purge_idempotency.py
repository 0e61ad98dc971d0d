"""Idempotency keys do not live forever."""

from datetime import datetime

from assess.models import IdempotencyKey
from core.unit_of_work import service


@service
def purge_idempotency(*, now: datetime) -> int:
    """Delete the keys whose time is over and return how many there were."""
    expired = IdempotencyKey.objects.across_organizations(reason="keys of every tenant expire alike")
    deleted, _ = expired.filter(expires_at__lte=now).delete()
    return deleted
