"""API keys: how one is made, what is kept of it, and how one that is presented is proved."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass

from django.conf import settings

from accounts.types import KEY_PREFIXES, KeyType
from core.ids import make_base36

PUBLIC_ID_LENGTH = 12
SECRET_LENGTH = 32
_BASE62 = string.ascii_letters + string.digits
_TYPES = {prefix: key_type for key_type, prefix in KEY_PREFIXES.items()}
_FORM = re.compile(r"(clm_(?:sk|pub|wh)_)([0-9a-z]{12})_([A-Za-z0-9]{32})")


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A credential that has the form of a key; whether it is one, its row says."""

    key_type: KeyType
    public_id: str
    full: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `full` is shown once and never kept."""

    full: str
    public_id: str
    secret_hash: bytes
    last_four: str


def make_key(key_type: KeyType) -> NewKey:
    """Return a new key `<prefix><public id>_<secret>`; the secret has 190 bits."""
    public_id = make_base36(PUBLIC_ID_LENGTH)
    secret = "".join(secrets.choice(_BASE62) for _ in range(SECRET_LENGTH))
    full = f"{KEY_PREFIXES[key_type]}{public_id}_{secret}"
    return NewKey(full=full, public_id=public_id, secret_hash=hash_key(full), last_four=full[-4:])


def parse_key(credential: str) -> PresentedKey | None:
    """Return what a credential claims to be, or None when it has not the form of a key."""
    found = _FORM.fullmatch(credential)
    return PresentedKey(_TYPES[found[1]], found[2], credential) if found else None


def hash_key(full: str) -> bytes:
    """Return the keyed hash under which a key is kept (HMAC-SHA256 under API_KEY_PEPPER)."""
    return hmac.digest(settings.API_KEY_PEPPER.encode(), full.encode(), hashlib.sha256)


def is_same_key(full: str, secret_hash: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(hash_key(full), secret_hash)
