"""Identifiers of rows and sessions."""

import os
import string
import uuid
from datetime import UTC, datetime, timedelta

_BASE36 = string.digits + string.ascii_lowercase
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = 2**48 - 1
_CLOCK_SLACK_MS = 2
"""`make_uuid7` takes its milliseconds through a float and may be one off."""


def make_uuid7(*, at: datetime) -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562 §5.7) whose 48-bit millisecond time is `at`; the rest is random.

    Rows that grow without end are keyed so, from the fact's own time, and can be partitioned by month on the key.
    """
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def floor_of_time(at: datetime) -> uuid.UUID:
    """Return an id that is below every id of that moment or later, and above those of a few milliseconds before it."""
    return uuid.UUID(int=clamp_milliseconds(at, slack=-_CLOCK_SLACK_MS) << 80)


def ceiling_of_time(at: datetime) -> uuid.UUID:
    """Return an id that is above every id of that moment or earlier, and below those of a few milliseconds after it."""
    return uuid.UUID(int=(clamp_milliseconds(at, slack=_CLOCK_SLACK_MS) << 80) | ((1 << 80) - 1))


def clamp_milliseconds(at: datetime, *, slack: int = 0) -> int:
    """Return the milliseconds since 1970, moved by `slack`, as 48 bits can hold them."""
    return max(0, min((at - _EPOCH) // _MILLISECOND + slack, _LAST_MILLISECOND))


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
