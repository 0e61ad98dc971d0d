"""When an entry acts, and which changes make it act less (contract §1: weakening needs more rights)."""

from datetime import datetime

from blocklists.types import EntryTerms, FlowScope

_FLOWS = {
    FlowScope.PAYIN: frozenset({FlowScope.PAYIN}),
    FlowScope.PAYOUT: frozenset({FlowScope.PAYOUT}),
    FlowScope.BOTH: frozenset({FlowScope.PAYIN, FlowScope.PAYOUT}),
}


def is_in_force(*, is_active: bool, expires_at: datetime | None, at: datetime) -> bool:
    """Say whether an entry acts at that time; it ends at `expires_at` itself."""
    return is_active and (expires_at is None or expires_at > at)


def list_weakened_fields(*, before: EntryTerms, after: EntryTerms) -> tuple[str, ...]:
    """Return the fields in which `after` acts less than `before`: any one of them makes a change a weakening.

    A scope is narrower when a flow of before is lost, so payin → payout is too. Gains elsewhere do not make up for it.
    """
    lost = {
        "is_active": before.is_active and not after.is_active,
        "severity": after.severity.place > before.severity.place,
        "flow_scope": not _FLOWS[after.flow_scope] >= _FLOWS[before.flow_scope],
        "expires_at": _is_earlier(after.expires_at, than=before.expires_at),
    }
    return tuple(field for field, is_lost in lost.items() if is_lost)


def _is_earlier(expires_at: datetime | None, *, than: datetime | None) -> bool:
    if expires_at is None:
        return False
    return than is None or expires_at < than
