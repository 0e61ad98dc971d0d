"""Personal data of an event enter the chain only as a digest that nobody can guess back once the salt is gone."""

import hmac
from typing import Any

from events.rules.canonical_json import encode_canonical

SALT_BYTES = 32


def digest_personal_data(*, salt: bytes, data: dict[str, Any]) -> bytes:
    """Return HMAC-SHA256 over the data's canonical JSON, keyed by their salt; erasing both leaves nothing to try."""
    return hmac.digest(salt, encode_canonical(data), "sha256")
