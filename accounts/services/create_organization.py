"""Sets up a tenant."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import available_timezones

from accounts.models import Organization
from accounts.services.set_modules import sort_modules
from accounts.types import Module, OrganizationType
from core.actor import make_system_actor
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import service
from events.services.record import record

DEFAULT_TIMEZONE = "America/Mexico_City"
MAXIMUM_NAME_LENGTH = 200


@service
def create_organization(
    *,
    name: str,
    organization_type: OrganizationType,
    modules: Collection[Module],
    timezone: str = DEFAULT_TIMEZONE,
    default_environment: Environment = Environment.PRODUCTION,
    allows_as_of: bool = False,
    created_by: str,
    now: datetime,
) -> Organization:
    """Insert an organization and return it.

    `timezone` is an IANA name; `created_by` is the command or job that asks, as the audit trail will name it. Raises
    ValidationFailed.
    """
    organization = Organization.objects.create(
        name=_read_name(name),
        organization_type=organization_type.value,
        modules=sort_modules(modules),
        timezone=_read_timezone(timezone),
        default_environment=default_environment.value,
        allows_as_of=allows_as_of,
        created_at=now,
    )
    record(
        actor=make_system_actor(organization_id=organization.id, environment=default_environment, name=created_by),
        kind="organization.created",
        subject_type="organization",
        subject_id=str(organization.id),
        payload={"type": organization.organization_type, "modules": organization.modules, "timezone": timezone},
        now=now,
    )
    return organization


def _read_name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > MAXIMUM_NAME_LENGTH or not name.isprintable():
        raise ValidationFailed.of_field("name", f"must have 1 to {MAXIMUM_NAME_LENGTH} printable characters")
    return name


def _read_timezone(given: str) -> str:
    if given not in available_timezones():
        raise ValidationFailed.of_field("timezone", "must be an IANA name such as America/Mexico_City")
    return given
