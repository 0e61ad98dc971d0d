"""The tokens of invitations: how one is made, what is kept of it, and how one that is presented is proved."""

import re
import secrets
import string
from dataclasses import dataclass

from accounts.keys import hash_key
from core.ids import make_base36

PUBLIC_ID_LENGTH = 12
SECRET_LENGTH = 32
_BASE62 = string.ascii_letters + string.digits
_FORM = re.compile(r"([0-9a-z]{12})-([A-Za-z0-9]{32})")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `full` goes out by mail and is never kept."""

    full: str
    public_id: str
    token_hash: bytes


def make_token(*, public_id: str | None = None) -> NewToken:
    """Return a new token `<public id>-<secret>`; the secret has 190 bits. A renewed one keeps its public id."""
    name = public_id or make_base36(PUBLIC_ID_LENGTH)
    full = f"{name}-{''.join(secrets.choice(_BASE62) for _ in range(SECRET_LENGTH))}"
    return NewToken(full=full, public_id=name, token_hash=hash_token(full))


def read_public_id(token: str) -> str | None:
    """Return the part of a token that finds its invitation, or None when it has not the form of one."""
    found = _FORM.fullmatch(token)
    return found[1] if found else None


def hash_token(full: str) -> bytes:
    """Return the keyed hash under which a token is kept; none of a key is ever the same."""
    return hash_key(f"invitation:{full}")
