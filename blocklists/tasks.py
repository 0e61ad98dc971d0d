"""What the workers do for blocklists."""

from celery import shared_task

from blocklists.services import purge_imports as purge
from core.clock import read_clock
from core.unit_of_work import unit_of_work


@shared_task(name="blocklists.tasks.purge_imports")
def purge_imports() -> None:
    """Delete uploads that nobody confirmed, and what refused rows said a month ago."""
    with unit_of_work():
        purge.purge_imports(now=read_clock())
