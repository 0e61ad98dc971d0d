"""Keeping a job's lease while one of its steps runs, on a connection of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import Error, connection, connections

from core.clock import read_clock
from core.unit_of_work import unit_of_work
from jobs.services.claim_job import renew_lease
from jobs.types import RunningJob

RENEW_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@contextmanager
def keeping(job: RunningJob) -> Iterator[None]:
    """Renew the lease every few seconds until the block ends; stop the statement that runs when a cancel comes."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, connection.connection, ended), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(job: RunningJob, working: Any, ended: threading.Event) -> None:
    try:
        while not ended.wait(RENEW_SECONDS):
            if _must_stop(job) and working is not None and not ended.is_set():
                working.cancel_safe(timeout=RENEW_SECONDS)
    finally:
        connections.close_all()  # this thread's own


def _must_stop(job: RunningJob) -> bool:
    """Renew the lease; a database that does not answer for a moment is asked again at the next one."""
    try:
        with unit_of_work():
            return renew_lease(job=job, now=read_clock())
    except Error as error:
        _log.warning("lease_not_renewed", job_id=str(job.id), error=type(error).__name__)
        return False
