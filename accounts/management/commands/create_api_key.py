"""`manage.py create_api_key ORGANIZATION`: a key, shown once."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management.inputs import act_in, add_choice, find_organization, told_as_command_errors
from accounts.rules.key_settings import KeyOptions
from accounts.services.create_api_key import create_api_key
from accounts.types import KeyType
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work


class Command(BaseCommand):
    help = "Make an API key; prints its id and, this once, the key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization_id", type=uuid.UUID)
        add_choice(parser, "--type", KeyType)
        add_choice(parser, "--environment", Environment, default=Environment.SANDBOX)
        parser.add_argument("--name", required=True)
        parser.add_argument("--no-rate-limit", action="store_true", help="for load tests; the default is 100 a minute")

    def handle(self, *_args: str, **options: Any) -> None:
        organization = find_organization(options["organization_id"])
        limits: KeyOptions = {"rate_limit_per_minute": None} if options["no_rate_limit"] else {}
        with told_as_command_errors(), unit_of_work():
            key, full = create_api_key(
                actor=act_in(organization, command="create_api_key"),
                organization_id=organization.id,
                name=options["name"],
                key_type=KeyType(options["type"]),
                environment=Environment(options["environment"]),
                now=read_clock(),
                **limits,
            )
        self.stdout.write(f"id: {key.id}")
        self.stdout.write(f"key (shown this once): {full}")
