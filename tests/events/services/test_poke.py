from collections.abc import Callable
from time import monotonic

import pytest
from celery import current_app
from structlog.testing import capture_logs

from events.services.poke import TASK, poke_dispatch
from events.tasks import dispatch_events

type UseBroker = Callable[[str], None]


@pytest.fixture
def use_broker(monkeypatch: pytest.MonkeyPatch) -> UseBroker:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery reads it before its own settings
    return lambda url: monkeypatch.setattr(current_app.conf, "broker_url", url)


def test_the_dispatch_is_asked_for(use_broker: UseBroker) -> None:
    use_broker("memory://")
    with current_app.connection() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
        poke_dispatch()
        message = queue.get(timeout=1)
        message.ack()
    assert message.headers["task"] == TASK == dispatch_events.name


def test_without_a_broker_nobody_is_poked(use_broker: UseBroker) -> None:
    use_broker("")
    with capture_logs() as logs:
        poke_dispatch()
    assert logs == []


@pytest.mark.parametrize("url", ["redis://user:secret@127.0.0.1:1/0", "amqp://user:secret@127.0.0.1:1//"])
def test_a_broker_out_of_reach_costs_a_line_in_the_log_and_no_time(use_broker: UseBroker, url: str) -> None:
    use_broker(url)
    began = monotonic()
    with capture_logs() as logs:
        poke_dispatch()
    assert monotonic() - began < 3
    assert logs == [{"event": "dispatch_not_poked", "error": "OperationalError", "log_level": "warning"}]
