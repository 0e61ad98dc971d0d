"""Notes that a worker is alive."""

from datetime import datetime, timedelta

from core.unit_of_work import service
from events.models import WorkerHeartbeat

FORGOTTEN_AFTER = timedelta(days=1)
"""Containers get a new name at each start; yesterday's are of no use to anybody."""


@service
def beat_heart(*, name: str, now: datetime) -> None:
    """Note that the worker of that name is alive."""
    WorkerHeartbeat.objects.update_or_create(name=name[:200], defaults={"seen_at": now})
    WorkerHeartbeat.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
