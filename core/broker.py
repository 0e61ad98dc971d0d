"""Asks a worker for something at once, where waiting for its next beat would do as well."""

import structlog
from celery import current_app
from kombu.pools import producers

CONNECT_SECONDS = 1

_log = structlog.get_logger(__name__)


def ask_worker(task: str, *, or_log: str) -> None:
    """Ask for the task now; a broker that cannot be reached costs that line in the log and nothing else."""
    if not current_app.conf.broker_url:
        return
    try:
        _send(task)
    except Exception as error:  # noqa: BLE001  whatever the broker's client raises
        _log.warning(or_log, error=type(error).__name__)


def _send(task: str) -> None:
    # Celery's own producers try for six seconds to connect, whatever `retry` says; somebody waits for us here.
    connection = current_app.connection(connect_timeout=CONNECT_SECONDS, transport_options={"max_retries": 0})
    with producers[connection].acquire(block=True, timeout=CONNECT_SECONDS) as producer:
        current_app.send_task(task, producer=producer, retry=False, ignore_result=True)
