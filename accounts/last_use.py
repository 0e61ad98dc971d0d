"""When and from where a key was last used: kept to the minute, so that not every call writes a busy key's row."""

from datetime import datetime, timedelta

from accounts.types import KeyFacts
from core.sql import Statement

_PRECISION = timedelta(minutes=1)
_NOTE_USE = """
UPDATE accounts_apikey SET last_used_at = %(now)s, last_used_ip = %(address)s
WHERE id = %(key_id)s AND organization_id = %(organization_id)s
  AND (last_used_at IS NULL OR last_used_at <= %(stale)s)
"""


def make_use_statement(*, key: KeyFacts, address: str, now: datetime) -> Statement | None:
    """Return the statement that writes the use when the last one known is a minute old, else None.

    It is to commit by itself: the key was used, whatever becomes of the call.
    """
    stale = now - _PRECISION
    if key.last_used_at is not None and key.last_used_at > stale:
        return None
    parameters = {
        "now": now,
        "address": address,
        "key_id": key.id,
        "organization_id": key.organization.id,
        "stale": stale,
    }
    return Statement(_NOTE_USE, parameters)
