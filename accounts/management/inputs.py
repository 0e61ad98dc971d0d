"""What the commands of accounts read alike."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.core.management.base import CommandError, CommandParser

from accounts.models import Organization
from accounts.queries import get_organization
from core.actor import Actor, make_system_actor
from core.environments import Environment
from core.errors import AppError


@contextmanager
def told_as_command_errors() -> Iterator[None]:
    """Turn what a service refuses into a sentence on stderr and exit code 1."""
    try:
        yield
    except AppError as error:
        raise CommandError(error.text) from None


def add_choice(parser: CommandParser, flag: str, words: type[StrEnum], *, default: StrEnum | None = None) -> None:
    """Add an option whose value is one of the words; without a default it is required."""
    choices = [word.value for word in words]
    parser.add_argument(flag, choices=choices, required=default is None, default=default)


def find_organization(organization_id: uuid.UUID) -> Organization:
    """Return the organization; raises CommandError."""
    with told_as_command_errors():
        return get_organization(organization_id=organization_id)


def act_in(organization: Organization, *, command: str) -> Actor:
    """Return the actor that a command is in an organization."""
    environment = Environment(organization.default_environment)
    return make_system_actor(organization_id=organization.id, environment=environment, name=f"command:{command}")
