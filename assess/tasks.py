"""What the worker does for assess."""

from celery import shared_task

from assess.services.purge_idempotency import purge_idempotency
from core.clock import read_clock
from core.unit_of_work import unit_of_work


@shared_task
def purge_expired() -> None:
    """Delete idempotency keys past their time; harmless when repeated."""
    with unit_of_work():
        purge_idempotency(now=read_clock())
