"""Makes a submerchant known."""

import uuid
from datetime import datetime
from typing import Any

from accounts.models import Submerchant
from accounts.queries import lock_submerchant_named
from accounts.rules.submerchant_fields import normalize_external_id, normalize_fields
from accounts.services.submerchant_events import record_submerchant_event, take_snapshot
from core.actor import Actor
from core.errors import Duplicate
from core.unit_of_work import service


class DuplicateSubmerchant(Duplicate):
    """An active submerchant has this external id; `details.id` says which."""

    message = "An active submerchant has this external_id already."

    def __init__(self, submerchant_id: uuid.UUID) -> None:
        super().__init__(details={"id": str(submerchant_id)})


@service
def add_submerchant(
    *, actor: Actor, external_id: str, name: str, country: str | None = None, mcc: str | None = None, now: datetime
) -> Submerchant:
    """Add it in the actor's organization and environment, or activate again the one that was deactivated.

    That one keeps its id and takes everything else from the new. Raises ValidationFailed, DuplicateSubmerchant.
    """
    chosen = normalize_fields({"name": name, "country": country, "mcc": mcc})
    row = Submerchant(
        organization_id=actor.organization_id,
        environment=actor.environment.value,
        external_id=normalize_external_id(external_id),
        is_active=True,
        created_at=now,
        **chosen,
    )
    # A conflict is no error for PostgreSQL, and a concurrent twin waits for this one's commit. None is ever deleted.
    rows = Submerchant.objects.for_organization(actor.organization_id, actor.environment)
    rows.bulk_create([row], ignore_conflicts=True)
    held = lock_submerchant_named(
        organization_id=actor.organization_id, environment=actor.environment, external_id=row.external_id
    )
    if held.id == row.id:
        record_submerchant_event(actor=actor, kind="submerchant.added", row=held, before={}, now=now)
        return held
    if held.is_active:
        raise DuplicateSubmerchant(held.id)
    return _activate(held, chosen, actor=actor, now=now)


def _activate(held: Submerchant, chosen: dict[str, Any], *, actor: Actor, now: datetime) -> Submerchant:
    before = take_snapshot(held)
    for field, value in (chosen | {"is_active": True, "revision": held.revision + 1}).items():
        setattr(held, field, value)
    held.save(update_fields=[*chosen, "is_active", "revision"])
    record_submerchant_event(actor=actor, kind="submerchant.changed", row=held, before=before, now=now)
    return held
