"""Messages at rest: encrypted under a key that is derived from SECRET_KEY and stands nowhere."""

import base64
import json
from dataclasses import asdict

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from mail.types import Mail

_KEY_BYTES = 32  # Fernet's: 16 to sign, 16 to encrypt


class MailUnreadable(ValueError):
    """The message was sealed under another SECRET_KEY, or was tampered with."""


def seal_mail(mail: Mail) -> bytes:
    """Return the message encrypted and authenticated (Fernet; the key by HKDF-SHA256, RFC 5869)."""
    return _make_fernet().encrypt(json.dumps(asdict(mail)).encode())


def open_mail(contents: bytes) -> Mail:
    """Return the message. Raises MailUnreadable."""
    try:
        return msgspec.json.decode(_make_fernet().decrypt(contents), type=Mail)
    except (InvalidToken, msgspec.DecodeError):
        raise MailUnreadable from None


def _make_fernet() -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"clausum mail 1")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(settings.SECRET_KEY.encode())))
