"""Handing over through TLS: to a server that proves who it is, and to no other."""

import ssl
import uuid
from pathlib import Path
from typing import Any

import pytest

from mail.transport import hand_over
from mail.types import Encryption, Mail, SmtpServer
from tests.mail.conftest import NOW
from tests.mail.smtp import HOST, Mailbox, mail_server, write_certificate

MAIL = Mail(recipient="ana@bank.example", subject="Año", text="Hola\n", html="<p>Hola</p>", language="es-mx")


def _hand_over(settings: Any, mailbox: Mailbox) -> None:
    settings.SMTP_SERVER = SmtpServer(HOST, mailbox.port, "clausum", "p/ss", mailbox.encryption)
    settings.MAIL_FROM = "Clausum <avisos@bank.example>"
    hand_over(MAIL, mail_id=uuid.uuid4(), now=NOW)


@pytest.mark.parametrize("encryption", [Encryption.IMPLICIT, Encryption.STARTTLS])
def test_a_server_that_is_trusted_gets_the_password_and_the_message(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encryption: Encryption
) -> None:
    certificate = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(Mailbox(encryption=encryption, certificate=certificate)) as mailbox:
        _hand_over(settings, mailbox)
    assert mailbox.credentials == ["\0clausum\0p/ss"]
    assert "Subject: =?utf-8?q?A=C3=B1o?=" in mailbox.taken[0]


@pytest.mark.parametrize("encryption", [Encryption.IMPLICIT, Encryption.STARTTLS])
def test_a_server_that_nobody_vouches_for_gets_neither(settings: Any, tmp_path: Path, encryption: Encryption) -> None:
    mailbox = Mailbox(encryption=encryption, certificate=write_certificate(tmp_path))
    with mail_server(mailbox), pytest.raises(ssl.SSLCertVerificationError):
        _hand_over(settings, mailbox)
    assert (mailbox.credentials, mailbox.taken) == ([], [])
