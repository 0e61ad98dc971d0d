"""Messages at rest: encrypted under a key that is derived from SECRET_KEY and stands nowhere."""

import json
from dataclasses import asdict

import msgspec
from cryptography.fernet import InvalidToken

from core.sealing import make_seal
from mail.types import Mail

_PURPOSE = b"clausum mail 1"


class MailUnreadable(ValueError):
    """The message was sealed under another SECRET_KEY, or was tampered with."""


def seal_mail(mail: Mail) -> bytes:
    """Return the message encrypted and authenticated."""
    return make_seal(_PURPOSE).encrypt(json.dumps(asdict(mail)).encode())


def open_mail(contents: bytes) -> Mail:
    """Return the message. Raises MailUnreadable."""
    try:
        return msgspec.json.decode(make_seal(_PURPOSE).decrypt(contents), type=Mail)
    except (InvalidToken, msgspec.DecodeError):
        raise MailUnreadable from None
