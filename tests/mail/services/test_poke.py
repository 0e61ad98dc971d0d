import pytest
from celery import current_app
from structlog.testing import capture_logs

from mail.services.poke import TASK, poke_sending
from mail.tasks import send_mails


def test_sending_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery reads it before its own settings
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://")
    with current_app.connection() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
        poke_sending()
        message = queue.get(timeout=1)
        message.ack()
    assert message.headers["task"] == TASK == send_mails.name


def test_a_broker_out_of_reach_costs_a_line_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://user:secret@127.0.0.1:1/0")
    with capture_logs() as logs:
        poke_sending()
    assert logs == [{"event": "mail_not_poked", "error": "OperationalError", "log_level": "warning"}]
