"""What the audit trail says of a submerchant; its name may be a person's."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import Submerchant
from core.actor import Actor
from events.services.record import record

_TOLD = ("external_id", "country", "mcc", "is_active")


def take_snapshot(row: Submerchant) -> dict[str, object]:
    """Return all that may be changed, as it is now."""
    return {name: getattr(row, name) for name in (*_TOLD, "name")}


def record_submerchant_event(
    *, actor: Actor, kind: str, row: Submerchant, before: Mapping[str, object], now: datetime
) -> None:
    """Record what differs between `before` (empty for a new one) and now."""
    after = take_snapshot(row)
    differing = {
        name: {"before": before.get(name), "after": value} for name, value in after.items() if before.get(name) != value
    }
    named = differing.pop("name", None)
    record(
        actor=actor,
        kind=kind,
        subject_type="submerchant",
        subject_id=str(row.id),
        payload=differing,
        personal={"name": named} if named else None,
        now=now,
    )
