"""Identifiers of rows and sessions."""

import os
import string
import threading
import uuid
from datetime import UTC, datetime, timedelta

_BASE36 = string.digits + string.ascii_lowercase
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = 2**48 - 1
_CLOCK_SLACK_MS = 2
"""Ids made before the milliseconds were counted in whole numbers took them through a float and may be one off."""
_TAIL_BITS = 62
_STEP_BYTES = 4


class _Sequence:
    """The tail of the last id, so that ids of one moment ascend in the order in which this process made them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._head = -1
        self._tail = 0

    def take(self, head: int) -> int:
        """Return a random tail or, for the head of the last call, one above its tail by a random step."""
        with self._lock:
            tail = self._tail + 1 + int.from_bytes(os.urandom(_STEP_BYTES)) if head == self._head else 1 << _TAIL_BITS
            if tail >> _TAIL_BITS:
                tail = int.from_bytes(os.urandom(8)) >> (64 - _TAIL_BITS + 1)
            self._head, self._tail = head, tail
            return tail


_SEQUENCE = _Sequence()


def make_uuid7(*, at: datetime) -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562 §5.7) whose 48-bit millisecond time is `at`, in an order that can be told afterwards.

    The 12 bits below it are the fraction of the millisecond (§6.2, method 3), and ids that one process makes in a row
    for the same moment ascend (method 2): what one unit of work does twice reads in the order in which it was done.
    Rows that grow without end are keyed so, from the fact's own time, and can be partitioned by month on the key.
    """
    milliseconds, rest = divmod(at - _EPOCH, _MILLISECOND)
    fraction = (rest.microseconds << 12) // 1000
    head = (milliseconds & _LAST_MILLISECOND) << 12 | fraction
    value = (head >> 12) << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | _SEQUENCE.take(head)
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
