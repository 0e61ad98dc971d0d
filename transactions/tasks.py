"""What the workers do for payments."""

import structlog
from celery import shared_task

from core.actor import make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from transactions.queries import list_tenants
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.types import Tenant

_log = structlog.get_logger(__name__)


@shared_task(name="transactions.tasks.snapshot_amounts", expires=1500)
def snapshot_amounts() -> None:
    """Sum up the latest closed day of every organization; one organization's failure does not hold up another's."""
    for tenant in list_tenants():
        try:
            _snapshot(tenant)
        except Exception as error:  # noqa: BLE001  whatever it is, the others' days are summed up
            organization_id = str(tenant.organization_id)
            _log.error("amounts_not_summed_up", organization_id=organization_id, error=type(error).__name__)


def _snapshot(tenant: Tenant) -> None:
    actor = make_system_actor(
        organization_id=tenant.organization_id, environment=tenant.environment, name="snapshot_amounts"
    )
    with unit_of_work():
        snapshot_amounts_of(actor=actor, timezone=tenant.timezone, until=read_clock(), days=1)
