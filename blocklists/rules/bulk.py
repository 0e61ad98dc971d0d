"""What an act on many entries does to each of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from blocklists.rules.review import prolong
from blocklists.types import BulkAct, BulkOrder, EntryTerms, Severity

MOST_AT_ONCE = 1_000
UNDO_WITHIN = timedelta(minutes=10)
_FIXED: Mapping[BulkAct, Mapping[str, object]] = {
    BulkAct.OFF: {"is_active": False},
    BulkAct.ON: {"is_active": True},
    BulkAct.BLOCK: {"severity": Severity.BLOCK},
    BulkAct.FLAG: {"severity": Severity.FLAG},
    BulkAct.REVIEW: {"severity": Severity.REVIEW},
}


def apply_order(order: BulkOrder, *, terms: EntryTerms, at: datetime) -> EntryTerms:
    """Return how an entry acts after the act."""
    if order.act is BulkAct.EXPIRY:
        return replace(terms, expires_at=order.expires_at)
    if order.act is BulkAct.PROLONG:
        return replace(terms, expires_at=prolong(terms.expires_at, at=at))
    return replace(terms, **_FIXED[order.act])


def can_undo(*, done_at: datetime, undone_at: datetime | None, at: datetime) -> bool:
    """Say whether an act may still be undone."""
    return undone_at is None and at - done_at <= UNDO_WITHIN
