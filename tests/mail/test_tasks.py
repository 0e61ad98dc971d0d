"""The worker's side, with real commits, a real conversation and a real folder."""

import stat
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine
from structlog.testing import capture_logs

from mail import tasks
from mail.models import OutgoingMail
from mail.types import Encryption, SmtpServer
from tests.mail.conftest import NOW, Queue
from tests.mail.smtp import Mailbox, mail_server

pytestmark = pytest.mark.django_db(transaction=True)


def _send(**later: float) -> list[dict[str, Any]]:
    with time_machine.travel(NOW + timedelta(**later), tick=False), capture_logs() as logs:
        tasks.send_mails()
    return cast(list[dict[str, Any]], logs)


def _use(settings: Any, mailbox: Mailbox) -> None:
    settings.SMTP_SERVER = SmtpServer("127.0.0.1", mailbox.port, "", "", Encryption.NONE)
    settings.MAIL_FROM = "Clausum <avisos@bank.example>"


def test_a_message_reaches_the_server_once(queue: Queue, settings: Any) -> None:
    row = queue()
    with mail_server(Mailbox()) as mailbox:
        _use(settings, mailbox)
        logs = _send()
        _send(hours=1)
    assert mailbox.recipients == ["ana@bank.example"]
    message = message_from_string(mailbox.taken[0], policy=default)
    assert message["Subject"] == "La clave API «Núcleo <b>&» vence en 7 días"
    assert message["From"] == "Clausum <avisos@bank.example>"
    assert message["To"] == "ana@bank.example"
    assert message["Message-ID"] == f"<{row.id}@bank.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "https://clausum.bank.example/k?a=1&b=2" in cast(EmailMessage, message.get_body(("plain",))).get_content()
    row.refresh_from_db()
    assert (row.sent_at, row.contents, row.attempts) == (NOW, None, 1)
    assert logs == [
        {
            "event": "mail_sent",
            "mail_id": str(row.id),
            "template": "key_expiring",
            "attempts": 1,
            "log_level": "info",
        }
    ]


def test_a_server_that_says_later_is_asked_later(queue: Queue, settings: Any) -> None:
    row = queue()
    with mail_server(Mailbox(rcpt_reply="450 greylisted ana@bank.example")) as mailbox:
        _use(settings, mailbox)
        logs = _send()
        mailbox.rcpt_reply = "250 ok"
        _send(seconds=29)
        assert mailbox.taken == []
        _send(seconds=30)
    assert len(mailbox.taken) == 1
    assert logs == [
        {
            "event": "mail_not_sent",
            "mail_id": str(row.id),
            "template": "key_expiring",
            "attempts": 1,
            "error": "SMTPRecipientsRefused",
            "reply_code": 450,
            "log_level": "error",
        }
    ]


def test_a_recipient_that_does_not_exist_is_given_up_at_once(queue: Queue, settings: Any) -> None:
    row = queue()
    with mail_server(Mailbox(rcpt_reply="550 no such person")) as mailbox:
        _use(settings, mailbox)
        logs = _send()
    row.refresh_from_db()
    assert (row.failed_at, row.contents) == (NOW, None)
    assert [entry["event"] for entry in logs] == ["mail_given_up"]


def test_a_server_out_of_reach_holds_up_no_other_message_and_says_no_address(queue: Queue, settings: Any) -> None:
    queue(), queue()
    settings.SMTP_SERVER = SmtpServer("127.0.0.1", 1, "user", "secret", Encryption.STARTTLS)
    logs = _send()
    assert [(entry["event"], entry["error"]) for entry in logs] == [("mail_not_sent", "ConnectionRefusedError")] * 2
    assert list(OutgoingMail.objects.values_list("attempts", flat=True)) == [1, 1]
    assert "bank.example" not in str(logs)


def test_what_could_not_be_sent_for_a_day_is_given_up(queue: Queue, settings: Any) -> None:
    row = queue()
    settings.SMTP_SERVER = SmtpServer("127.0.0.1", 1, "", "", Encryption.NONE)
    assert [entry["event"] for entry in _send(days=1)] == ["mail_given_up"]
    row.refresh_from_db()
    assert row.contents is None


def test_a_message_of_another_secret_is_given_up(queue: Queue, settings: Any, tmp_path: Path) -> None:
    queue()
    settings.SECRET_KEY = "another " * 8
    settings.MAIL_FOLDER = str(tmp_path)
    assert [(entry["event"], entry["error"]) for entry in _send()] == [("mail_given_up", "MailUnreadable")]
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_and_a_folder_a_message_waits(queue: Queue) -> None:
    row = queue()
    assert [entry["error"] for entry in _send()] == ["MailNotConfigured"]
    row.refresh_from_db()
    assert row.failed_at is None


def test_a_folder_gets_a_text_to_read_and_html_to_look_at(queue: Queue, settings: Any, tmp_path: Path) -> None:
    row = queue()
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    _send()
    stem = f"2026-11-25T09-00-00-{row.id.hex[-8:]}"
    files = sorted((tmp_path / "mail").iterdir())
    assert [path.name for path in files] == [f"{stem}.html", f"{stem}.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700
    text = files[1].read_text(encoding="utf-8")
    assert "To: ana@bank.example\nSubject: La clave API" in text
    assert "\nhttps://clausum.bank.example/k?a=1&b=2\n" in text


def test_the_purge_runs(queue: Queue) -> None:
    row = queue()
    OutgoingMail.objects.filter(pk=row.id).update(sent_at=NOW, contents=None)
    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        tasks.purge_mails()
    assert OutgoingMail.objects.count() == 0
