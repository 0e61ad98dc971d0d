"""Tells a worker that there is something to dispatch. A courtesy: the sweep finds it without."""

import structlog
from celery import current_app
from kombu.pools import producers

TASK = "events.tasks.dispatch_events"
CONNECT_SECONDS = 1

_log = structlog.get_logger(__name__)


def poke_dispatch() -> None:
    """Ask for a dispatch now; a broker that cannot be reached costs a line in the log and nothing else."""
    if not current_app.conf.broker_url:
        return
    try:
        _send()
    except Exception as error:  # noqa: BLE001  whatever the broker's client raises
        _log.warning("dispatch_not_poked", error=type(error).__name__)


def _send() -> None:
    # Celery's own producers try for six seconds to connect, whatever `retry` says; somebody waits for us here.
    connection = current_app.connection(connect_timeout=CONNECT_SECONDS, transport_options={"max_retries": 0})
    with producers[connection].acquire(block=True, timeout=CONNECT_SECONDS) as producer:
        current_app.send_task(TASK, producer=producer, retry=False, ignore_result=True)
