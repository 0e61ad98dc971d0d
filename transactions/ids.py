"""Ids of transactions: UUIDv7 of the payment's own time, so that ordering by id is ordering by time."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = 2**48 - 1
_CLOCK_SLACK_MS = 2
"""`core.ids.make_uuid7` takes its milliseconds through a float and may be one off."""


def floor_of_time(at: datetime) -> uuid.UUID:
    """Return an id that is below every id of that moment or later, and above those of a few milliseconds before it."""
    return uuid.UUID(int=_clamp(_milliseconds(at) - _CLOCK_SLACK_MS) << 80)


def ceiling_of_time(at: datetime) -> uuid.UUID:
    """Return an id that is above every id of that moment or earlier, and below those of a few milliseconds after it."""
    return uuid.UUID(int=(_clamp(_milliseconds(at) + _CLOCK_SLACK_MS) << 80) | ((1 << 80) - 1))


def make_history_id(*, at: datetime, content: bytes) -> uuid.UUID:
    """Return the UUIDv7 of `at` whose random part is a digest of the content: the same payment, the same id."""
    digest = int.from_bytes(hashlib.blake2b(content, digest_size=10).digest())
    value = _clamp(_milliseconds(at)) << 80 | digest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _clamp(milliseconds: int) -> int:
    return max(0, min(milliseconds, _LAST_MILLISECOND))
