"""Changes what is known of a submerchant, or whether payments may be for it."""

import uuid
from datetime import datetime
from typing import Unpack

from accounts.models import Submerchant
from accounts.queries import lock_submerchant
from accounts.rules.submerchant_fields import SubmerchantFields, normalize_fields
from accounts.services.submerchant_events import record_submerchant_event, take_snapshot
from core.actor import Actor
from core.errors import StaleForm
from core.unit_of_work import service


class SubmerchantChanged(StaleForm):
    """Somebody changed it first; `details.fields` has `theirs` and `yours` of each field that differs."""

    message = "Somebody changed the submerchant after it was read; nothing was saved."


@service
def change_submerchant(
    *,
    actor: Actor,
    submerchant_id: uuid.UUID,
    revision: int | None = None,
    now: datetime,
    **changes: Unpack[SubmerchantFields],
) -> Submerchant:
    """Set what is given, leave the rest, and return it; nothing is recorded when nothing differs.

    `revision`, when given, is of the row that the actor read. Raises NotFound, ValidationFailed and SubmerchantChanged.
    """
    row = lock_submerchant(
        organization_id=actor.organization_id, environment=actor.environment, submerchant_id=submerchant_id
    )
    chosen = normalize_fields(changes)
    differing = {field: value for field, value in chosen.items() if getattr(row, field) != value}
    if not differing:
        return row
    if revision is not None and revision != row.revision:
        raise SubmerchantChanged.of_row(row, differing)
    before = take_snapshot(row)
    for field, value in (differing | {"revision": row.revision + 1}).items():
        setattr(row, field, value)
    row.save(update_fields=[*differing, "revision"])
    record_submerchant_event(actor=actor, kind="submerchant.changed", row=row, before=before, now=now)
    return row
