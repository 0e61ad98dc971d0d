"""Sets up a tenant."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import Organization
from accounts.rules.organization_settings import read_name, read_timezone
from accounts.services.set_modules import sort_modules
from accounts.types import Module, OrganizationType
from core.actor import make_system_actor
from core.environments import Environment
from core.unit_of_work import service
from events.services.record import record

DEFAULT_TIMEZONE = "America/Mexico_City"


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
        name=read_name(name),
        organization_type=organization_type.value,
        modules=sort_modules(modules),
        timezone=read_timezone(timezone),
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
