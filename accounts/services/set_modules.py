"""Says what an organization has contracted."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import Organization
from accounts.queries import lock_organization
from accounts.types import Module
from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record


@service
def set_modules(*, actor: Actor, modules: Collection[Module], now: datetime) -> Organization:
    """Give the actor's organization exactly these modules and return it; nothing is recorded when it has them already.

    Raises NotFound.
    """
    organization = lock_organization(organization_id=actor.organization_id)
    before, after = organization.modules, sort_modules(modules)
    if before == after:
        return organization
    organization.modules = after
    organization.save(update_fields=["modules"])
    record(
        actor=actor,
        kind="modules.changed",
        subject_type="organization",
        subject_id=str(organization.id),
        payload={"before": before, "after": after},
        now=now,
    )
    return organization


def sort_modules(modules: Collection[Module]) -> list[str]:
    """Return each module once, in the contract's order."""
    return [module.value for module in Module if module in modules]
