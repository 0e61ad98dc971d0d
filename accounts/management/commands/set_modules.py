"""`manage.py set_modules ORGANIZATION MODULE…`: what an organization has contracted."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management.inputs import act_in, find_organization, told_as_command_errors
from accounts.services.set_modules import set_modules
from accounts.types import Module
from core.clock import read_clock
from core.unit_of_work import unit_of_work


class Command(BaseCommand):
    help = "Give an organization exactly these modules, in force with its next call."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization_id", type=uuid.UUID)
        parser.add_argument("modules", nargs="*", type=Module, help=", ".join(Module))

    def handle(self, *_args: str, **options: Any) -> None:
        actor = act_in(find_organization(options["organization_id"]), command="set_modules")
        with told_as_command_errors(), unit_of_work():
            organization = set_modules(actor=actor, modules=options["modules"], now=read_clock())
        self.stdout.write(f"modules: {' '.join(organization.modules) or 'none'}")
