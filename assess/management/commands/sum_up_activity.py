"""`manage.py sum_up_activity`: sums up every busy customer and account now, instead of with their next payments."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assess.services.prepare_summaries import prepare_summaries
from core.actor import make_system_actor
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from transactions.queries import list_tenants
from transactions.tasks import sum_up_due
from transactions.types import Tenant


class Command(BaseCommand):
    help = (
        "Sum up what busy identities did, for every organization: to be run once after much history was loaded. The "
        "worker keeps summaries up to date afterwards, and makes missing ones by itself as payments ask for them."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        wished = sum(map(_wish, list_tenants()))
        made = 0
        while made < wished and (summed_up := sum_up_due()):
            made += summed_up
        self.stdout.write(f"{wished} busy identities, {made} summed up")
        if wished and not made:
            raise CommandError("Something is being written that does not end: try again when it has.")


def _wish(tenant: Tenant) -> int:
    actor = make_system_actor(
        organization_id=tenant.organization_id, environment=tenant.environment, name="command:sum_up_activity"
    )
    with unit_of_work():
        return prepare_summaries(actor=actor, timezone=tenant.timezone, now=read_clock())
