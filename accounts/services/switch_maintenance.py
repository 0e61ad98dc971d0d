"""Closes a flow for maintenance and opens it again, for one organization or the whole installation (contract §6)."""

from datetime import datetime

import structlog

from accounts.models import PlatformSwitch
from accounts.queries import lock_organization
from accounts.types import MaintenanceSwitch
from core.actor import Actor
from core.unit_of_work import after_commit, service
from events.services.record import record

_log = structlog.get_logger("accounts")


@service
def switch_maintenance(*, actor: Actor, switch: MaintenanceSwitch, is_on: bool, now: datetime) -> None:
    """Switch one flow of the actor's organization; nothing is recorded when it stands so already. Raises NotFound."""
    organization = lock_organization(organization_id=actor.organization_id)
    if getattr(organization, switch.value) == is_on:
        return
    setattr(organization, switch.value, is_on)
    organization.save(update_fields=[switch.value])
    record(
        actor=actor,
        kind="maintenance.switched",
        subject_type="organization",
        subject_id=str(organization.id),
        payload={"switch": switch.value, "is_on": is_on},
        now=now,
    )


@service
def switch_platform_maintenance(*, switch: MaintenanceSwitch, is_on: bool, now: datetime) -> None:
    """Switch one flow of every organization. It is nobody's event, so the process log tells of it."""
    PlatformSwitch.objects.update_or_create(name=switch.value, defaults={"is_on": is_on, "changed_at": now})
    after_commit(lambda: _log.warning("maintenance.switched", switch=switch.value, is_on=is_on))
