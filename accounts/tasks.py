"""What the worker does for accounts."""

from celery import shared_task

from accounts.services import purge_expired as services
from core.clock import read_clock
from core.unit_of_work import unit_of_work


@shared_task(name="accounts.tasks.purge_expired")
def purge_expired() -> None:
    """Remove rows whose time is over; harmless when run twice."""
    with unit_of_work():
        services.purge_expired(now=read_clock())
