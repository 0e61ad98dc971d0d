"""When and from where a key was last used: kept to the minute, so that not every call writes a busy key's row."""

from datetime import datetime, timedelta

from accounts.types import KeyFacts
from core.sql import Statement, run_statement

_PRECISION = timedelta(minutes=1)
_NOTE_USE = """
UPDATE accounts_apikey SET last_used_at = %(now)s, last_used_ip = %(address)s
WHERE id = %(key_id)s AND organization_id = %(organization_id)s
  AND (last_used_at IS NULL OR last_used_at <= %(stale)s)
"""


def note_use(*, key: KeyFacts, address: str, now: datetime) -> None:
    """Write the use when the last one known is a minute old; no round trip otherwise.

    One statement that commits by itself: the key was used, whatever becomes of the call.
    """
    stale = now - _PRECISION
    if key.last_used_at is not None and key.last_used_at > stale:
        return
    parameters = {
        "now": now,
        "address": address,
        "key_id": key.id,
        "organization_id": key.organization.id,
        "stale": stale,
    }
    run_statement(Statement(_NOTE_USE, parameters))
