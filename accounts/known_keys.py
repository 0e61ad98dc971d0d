"""What this process knows of keys it has met. It is believed only until the database is asked, in the same call.

Every call sends the key's look-up along with its first statements, and what comes back must be what was believed: no
entry outlives a revocation, a changed limit or a switch, whichever process made it (docs/decisions/0011).
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import msgspec

from accounts.queries import read_key
from accounts.types import KeyFacts

MAXIMUM_KEYS = 10_000

type Row = tuple[Any, ...]

_lock = Lock()
_known: dict[str, tuple[Row, KeyFacts]] = {}


def recall(public_id: str) -> KeyFacts | None:
    """Return what this process knows of the key, or None."""
    found = _known.get(public_id)
    return found[1] if found else None


def learn(public_id: str, rows: Sequence[Row]) -> KeyFacts | None:
    """Take in what the database says of the key and return it; the same object while nothing changed."""
    before = _known.get(public_id)
    if before is not None and rows and before[0] == rows[0]:
        return before[1]
    return _keep(public_id, rows)


def is_same_but_for_its_use(believed: KeyFacts, found: KeyFacts | None) -> bool:
    """Say whether what was found is what was believed; only the time of the last use changes while a key stays."""
    if found is None or found is believed:
        return found is believed
    return msgspec.structs.replace(found, last_used_at=believed.last_used_at) == believed


def forget_keys() -> None:
    """Know no key any more (a new database, a test)."""
    with _lock:
        _known.clear()


def _keep(public_id: str, rows: Sequence[Row]) -> KeyFacts | None:
    facts = read_key(list(rows))
    with _lock:
        if len(_known) >= MAXIMUM_KEYS:
            _known.clear()
        if facts is None:
            _known.pop(public_id, None)
        else:
            _known[public_id] = rows[0], facts
    return facts
