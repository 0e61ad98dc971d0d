"""When, where and how often a key is used, written along with a call's first statements (docs/decisions/0033).

The last use is kept to the minute, so that not every call writes a busy key's row. Calls are counted in the process and
added to the day's row at most once a second.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.types import KeyFacts
from core.sql import Statement

ENDPOINT_LENGTH = 120
MAXIMUM_TALLIES = 10_000
COUNTED_EVERY = timedelta(seconds=1)
_PRECISION = timedelta(minutes=1)

# The block commits without waiting for the disk: a crash of the server forgets half a second of counts, nothing else.
_NOTE_USE = """
WITH noted AS (
    UPDATE accounts_apikey
    SET last_used_at = %(now)s, last_used_ip = %(address)s, last_used_endpoint = %(endpoint)s
    WHERE id = %(key_id)s AND organization_id = %(organization_id)s
      AND (last_used_at IS NULL OR last_used_at <= %(stale)s)
)
INSERT INTO accounts_keyuse AS u (organization_id, environment, key_id, day, calls)
SELECT %(organization_id)s::uuid, %(environment)s::text, %(key_id)s::uuid, given.day, given.calls
FROM unnest(%(days)s::date[], %(calls)s::int[]) AS given (day, calls), set_config('synchronous_commit', 'off', true)
ORDER BY given.day
ON CONFLICT (organization_id, key_id, day) DO UPDATE SET calls = u.calls + excluded.calls
"""


@dataclass(slots=True)
class _Tally:
    """Calls of one key that this process has not written yet, by day, and when it last wrote some."""

    calls: dict[date, int] = field(default_factory=dict)
    written_at: datetime | None = None


_lock = Lock()
_tallies: dict[UUID, _Tally] = {}


def make_use_statement(*, key: KeyFacts, address: str, endpoint: str, now: datetime) -> Statement | None:
    """Count the call; return the statement that writes what was counted, or None within a second of the last one.

    It is to commit by itself: the key was used, whatever becomes of the call. Days are the organization's. `endpoint`
    is method and route, without a value of the request.
    """
    calls = _count(key, now)
    if not calls:
        return None
    parameters = {
        "now": now,
        "address": address,
        "endpoint": endpoint[:ENDPOINT_LENGTH],
        "key_id": key.id,
        "organization_id": key.organization.id,
        "environment": key.environment.value,
        "stale": now - _PRECISION,
        "days": list(calls),
        "calls": list(calls.values()),
    }
    return Statement(_NOTE_USE, parameters)


def _count(key: KeyFacts, now: datetime) -> dict[date, int]:
    """Count one call, and take what is to be written, which is nothing for most calls of a busy key."""
    today = now.astimezone(ZoneInfo(key.organization.timezone)).date()
    with _lock:
        if len(_tallies) >= MAXIMUM_TALLIES:
            _tallies.clear()
        tally = _tallies.setdefault(key.id, _Tally())
        tally.calls[today] = tally.calls.get(today, 0) + 1
        if tally.written_at is not None and abs(now - tally.written_at) < COUNTED_EVERY:
            return {}
        taken, tally.calls, tally.written_at = tally.calls, {}, now
        return taken


def forget_uses() -> None:
    """Give up what was counted and not written (a new database, a test)."""
    with _lock:
        _tallies.clear()
