"""Ids of transactions: UUIDv7 of the payment's own time, so that ordering by id is ordering by time."""

import hashlib
import uuid
from datetime import datetime

from core.ids import clamp_milliseconds


def make_history_id(*, at: datetime, content: bytes) -> uuid.UUID:
    """Return the UUIDv7 of `at` whose random part is a digest of the content: the same payment, the same id."""
    digest = int.from_bytes(hashlib.blake2b(content, digest_size=10).digest())
    value = clamp_milliseconds(at) << 80 | digest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
