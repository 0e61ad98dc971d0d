"""Identifiers of rows and sessions."""

import os
import string
import uuid
from datetime import datetime

_BASE36 = string.digits + string.ascii_lowercase


def make_uuid7(*, at: datetime) -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562 §5.7) whose 48-bit millisecond time is `at`; the rest is random.

    Rows that grow without end are keyed so, from the fact's own time, and can be partitioned by month on the key.
    """
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def make_session_id(*, at: datetime) -> str:
    """Return `ps_<epoch ms>_<9 base-36 characters>` (contract §2)."""
    return f"ps_{int(at.timestamp() * 1000)}_{make_base36(9)}"


def make_base36(length: int) -> str:
    """Return that many random characters of 0-9a-z, each as likely as the others but for one part in 2**32."""
    number = int.from_bytes(os.urandom(length + 4))
    characters = []
    for _ in range(length):
        number, place = divmod(number, 36)
        characters.append(_BASE36[place])
    return "".join(characters)
