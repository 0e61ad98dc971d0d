"""`manage.py create_organization`: a tenant and its first administrator."""

import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.inputs import act_in, add_choice, told_as_command_errors
from accounts.models import Organization
from accounts.queries import find_user
from accounts.services.add_member import add_member
from accounts.services.create_organization import DEFAULT_TIMEZONE, create_organization
from accounts.types import Module, OrganizationType, Role
from core.clock import read_clock
from core.environments import Environment
from core.unit_of_work import unit_of_work

_PASSWORD_BYTES = 18


class Command(BaseCommand):
    help = "Set up an organization with an administrator; prints its id and, when it made one, the password, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        add_choice(parser, "--type", OrganizationType)
        parser.add_argument("--modules", nargs="*", type=Module, default=[], help=", ".join(Module))
        parser.add_argument("--timezone", default=DEFAULT_TIMEZONE, help="an IANA name")
        add_choice(parser, "--environment", Environment, default=Environment.PRODUCTION)
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-password-stdin", action="store_true", help="read the password's line from stdin")

    def handle(self, *_args: str, **options: Any) -> None:
        generated = ""
        password = _read_password() if options["admin_password_stdin"] else None
        if password is None and find_user(email=options["admin_email"]) is None:
            password = generated = secrets.token_urlsafe(_PASSWORD_BYTES)
        organization = _create(options, password)
        self.stdout.write(f"organization: {organization.id}")
        self.stdout.write(f"administrator: {options['admin_email']}")
        if generated:
            self.stdout.write(f"password (shown this once): {generated}")


def _create(options: dict[str, Any], password: str | None) -> Organization:
    now = read_clock()
    with told_as_command_errors(), unit_of_work():
        organization = create_organization(
            name=options["name"],
            organization_type=OrganizationType(options["type"]),
            modules=options["modules"],
            timezone=options["timezone"],
            default_environment=Environment(options["environment"]),
            created_by="command:create_organization",
            now=now,
        )
        actor = act_in(organization, command="create_organization")
        add_member(actor=actor, email=options["admin_email"], role=Role.ADMIN, password=password, now=now)
    return organization


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("stdin holds no password")
    return password
