"""Hands a message over: to a mail server, or to a folder where none is used."""

import smtplib
import ssl
import uuid
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from django.conf import settings

from mail.types import Encryption, Mail, SmtpServer

TIMEOUT_SECONDS = 15.0
"""For each step of the conversation, of which there are about ten."""
_TAGS = {"es-mx": "es-MX", "en": "en"}


class MailNotConfigured(RuntimeError):
    """Neither SMTP_URL nor MAIL_FOLDER is set."""


def hand_over(mail: Mail, *, mail_id: uuid.UUID, now: datetime) -> None:
    """Send the message, or write it to the folder.

    Sent twice it carries the same Message-ID. Raises MailNotConfigured, OSError and smtplib's errors.
    """
    if settings.SMTP_SERVER is not None:
        _send(settings.SMTP_SERVER, build_message(mail, mail_id=mail_id, now=now))
    elif settings.MAIL_FOLDER:
        _write(Path(settings.MAIL_FOLDER), mail, mail_id=mail_id, now=now)
    else:
        raise MailNotConfigured


def read_reply_code(error: Exception) -> int | None:
    """Return what the server replied about the recipient, or None when it said nothing about it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    return None


def build_message(mail: Mail, *, mail_id: uuid.UUID, now: datetime) -> EmailMessage:
    """Return the message with its headers, as text and as HTML."""
    name, sender = parseaddr(settings.MAIL_FROM)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail.subject
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = mail.recipient
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail_id}@{sender.rpartition('@')[2]}>"
    message["Content-Language"] = _TAGS[mail.language]
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _send(server: SmtpServer, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if server.encryption is Encryption.IMPLICIT:
        client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with client:
        if server.encryption is Encryption.STARTTLS:
            client.starttls(context=context)
        if server.user:
            client.login(server.user, server.password)
        client.send_message(message)


def _write(folder: Path, mail: Mail, *, mail_id: uuid.UUID, now: datetime) -> None:
    """Write `<time>-<id>.txt`, for reading, and the same as `.html`, for looking at; only their owner may."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = folder / f"{now:%Y-%m-%dT%H-%M-%S}-{mail_id.hex[-8:]}"
    text = f"From: {settings.MAIL_FROM}\nTo: {mail.recipient}\nSubject: {mail.subject}\n\n{mail.text}"
    for path, contents in ((stem.with_suffix(".html"), mail.html), (stem.with_suffix(".txt"), text)):
        path.touch(mode=0o600)
        path.write_text(contents, encoding="utf-8")
