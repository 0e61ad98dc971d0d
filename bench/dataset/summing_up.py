"""Brings up to date what the application keeps summed up, after the past was written past it.

Runs `bench.inside` the application. When the application learns to keep another sum, its command is called here.
"""

from core.actor import make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from transactions.queries import list_tenants
from transactions.services.snapshot_amounts import snapshot_amounts_of
from transactions.tasks import sum_up_busy


def sum_up_history() -> None:
    """Do, for the whole past, what the hot path and the workers would have done payment by payment and day by day."""
    for tenant in list_tenants():
        actor = make_system_actor(
            organization_id=tenant.organization_id, environment=tenant.environment, name="snapshot_amounts"
        )
        with unit_of_work():
            snapshot_amounts_of(actor=actor, timezone=tenant.timezone, until=read_clock(), days=1)
    sum_up_busy()


def main(_arguments: list[str]) -> None:
    sum_up_history()
