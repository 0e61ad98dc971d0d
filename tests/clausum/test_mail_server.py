import pytest
from django.core.exceptions import ImproperlyConfigured

from clausum.mail_server import UNSENT, read_mail_from, read_mail_server
from mail.types import Encryption, SmtpServer

SERVER = SmtpServer("mail.bank.example", 587, "", "", Encryption.STARTTLS)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail.bank.example", SERVER),
        ("smtp://mail.bank.example?tls=none", SmtpServer("mail.bank.example", 25, "", "", Encryption.NONE)),
        (
            "smtp://avisos%40bank.example:p%2Fss@mail.bank.example:2465/?tls=implicit",
            SmtpServer("mail.bank.example", 2465, "avisos@bank.example", "p/ss", Encryption.IMPLICIT),
        ),
    ],
)
def test_a_server_is_read_from_its_url(url: str, server: SmtpServer | None) -> None:
    assert read_mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.bank.example",
        "smtps://mail.bank.example",
        "smtp://",
        "smtp://mail.bank.example:port",
        "smtp://mail.bank.example?tls=maybe",
        "smtp://mail.bank.example?tls=",
        "smtp://mail.bank.example?tls=none&verify=no",
        "smtp://mail.bank.example/inbox",
    ],
)
def test_another_form_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SMTP_URL must be smtp://"):
        read_mail_server(url)


def test_no_password_travels_in_clear() -> None:
    with pytest.raises(ImproperlyConfigured, match="would travel in clear"):
        read_mail_server("smtp://user:secret@mail.bank.example?tls=none")


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("avisos@bank.example", "avisos@bank.example"),
        ("Clausum <avisos@bank.example>", "Clausum <avisos@bank.example>"),
        ("Banco Ñandú <avisos@bank.example>", "Banco Ñandú <avisos@bank.example>"),
    ],
)
def test_a_sender_is_read(value: str, sender: str) -> None:
    assert read_mail_from(value, server=SERVER) == sender


@pytest.mark.parametrize("value", ["", "Clausum", "avisos@", "@bank.example", "a b@bank.example", "Clausum <>"])
def test_a_server_needs_a_sender(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM must be"):
        read_mail_from(value, server=SERVER)


def test_without_a_server_a_sender_may_be_missing() -> None:
    assert read_mail_from("", server=None) == UNSENT
