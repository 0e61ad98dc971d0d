from typing import Any

import pytest

from mail.checks import check_mail
from mail.types import Encryption, SmtpServer

SERVER = SmtpServer("mail.bank.example", 587, "", "", Encryption.STARTTLS)


@pytest.mark.parametrize(
    ("mode", "server", "folder", "found"),
    [
        ("production", None, "", ["mail.W001"]),
        ("production", SERVER, "", []),
        ("production", None, "/var/mail", []),
        ("development", None, "", []),
    ],
)
def test_production_without_mail_is_told_so(
    settings: Any, mode: str, server: SmtpServer | None, folder: str, found: list[str]
) -> None:
    settings.MODE, settings.SMTP_SERVER, settings.MAIL_FOLDER = mode, server, folder
    assert [message.id for message in check_mail()] == found
