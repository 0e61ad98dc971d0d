"""What is kept encrypted: under a key for each purpose, derived from SECRET_KEY and kept nowhere."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_KEY_BYTES = 32  # Fernet's: 16 to sign, 16 to encrypt


def make_seal(purpose: bytes) -> Fernet:
    """Return what encrypts and authenticates for this purpose (Fernet; the key by HKDF-SHA256, RFC 5869)."""
    kdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(kdf.derive(settings.SECRET_KEY.encode())))
