"""`manage.py switch_maintenance on|off`: closes a flow, which then answers 503 ASSESS_MAINTENANCE, or opens it."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management.inputs import act_in, find_organization, told_as_command_errors
from accounts.services.switch_maintenance import switch_maintenance, switch_platform_maintenance
from accounts.types import MaintenanceSwitch
from core.clock import read_clock
from core.unit_of_work import unit_of_work

_SWITCHES = {"payin": MaintenanceSwitch.PAYIN, "payout": MaintenanceSwitch.PAYOUT}


class Command(BaseCommand):
    help = "Close a flow for maintenance or open it, for one organization or for all, in force with the next call."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--flow", choices=list(_SWITCHES), required=True)
        parser.add_argument("--organization", type=uuid.UUID, help="its id; without one, the whole installation")

    def handle(self, *_args: str, **options: Any) -> None:
        switch, is_on = _SWITCHES[options["flow"]], options["state"] == "on"
        if options["organization"] is None:
            with unit_of_work():
                switch_platform_maintenance(switch=switch, is_on=is_on, now=read_clock())
        else:
            actor = act_in(find_organization(options["organization"]), command="switch_maintenance")
            with told_as_command_errors(), unit_of_work():
                switch_maintenance(actor=actor, switch=switch, is_on=is_on, now=read_clock())
        self.stdout.write(f"maintenance of {options['flow']}: {options['state']}")
