"""Tenancy that cannot be forgotten: `Model.objects` offers one organization's rows, or asks for a reason.

The plain manager `unscoped` is Django's own (migrations, related managers); outside `core`, migrations and tests a
test bans it.
"""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models

from core.environments import Environment


class TenantObjects[M: models.Model]:
    """What `Model.objects` offers: deliberately no `all()` and no `filter()`."""

    def __init__(self, model: type[M]) -> None:
        self._manager: models.Manager[M] = model._default_manager

    def for_organization(self, organization_id: uuid.UUID) -> models.QuerySet[M]:
        """Return the rows of one organization, to be narrowed further."""
        return self._manager.filter(organization_id=organization_id)

    def across_organizations(self, *, reason: str) -> models.QuerySet[M]:
        """Return every organization's rows; for jobs of the platform, with the reason in the code."""
        if not reason:
            raise ValueError("say why every organization's rows are needed")
        return self._manager.all()

    def create(self, *, organization_id: uuid.UUID, **fields: Any) -> M:
        """Insert one row for that organization."""
        return self._manager.create(organization_id=organization_id, **fields)


class FactObjects[M: models.Model]:
    """What `Model.objects` offers on facts, which also belong to one environment."""

    def __init__(self, model: type[M]) -> None:
        self._manager: models.Manager[M] = model._default_manager

    def for_organization(self, organization_id: uuid.UUID, environment: Environment) -> models.QuerySet[M]:
        """Return the rows of one organization in one environment, to be narrowed further."""
        return self._manager.filter(organization_id=organization_id, environment=environment.value)

    def in_environments(
        self, organization_id: uuid.UUID, environments: Iterable[Environment] = Environment
    ) -> models.QuerySet[M]:
        """Return the rows of one organization in these environments, both when none are named."""
        worlds = [each.value for each in environments]
        return self._manager.filter(organization_id=organization_id, environment__in=worlds)

    def across_organizations(self, *, reason: str) -> models.QuerySet[M]:
        """Return every organization's rows; for jobs of the platform, with the reason in the code."""
        if not reason:
            raise ValueError("say why every organization's rows are needed")
        return self._manager.all()

    def create(self, *, organization_id: uuid.UUID, environment: Environment, **fields: Any) -> M:
        """Insert one row for that organization and environment."""
        return self._manager.create(organization_id=organization_id, environment=environment.value, **fields)


class _TenantAccess:
    def __get__[M: models.Model](self, instance: M | None, owner: type[M]) -> TenantObjects[M]:
        return TenantObjects(owner)


class _FactAccess:
    def __get__[M: models.Model](self, instance: M | None, owner: type[M]) -> FactObjects[M]:
        return FactObjects(owner)


class TenantModel(models.Model):
    """A row that belongs to one organization."""

    # Without an index of its own: every index that serves a tenant begins with the organization and has more.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    unscoped: ClassVar[models.Manager[Self]] = models.Manager()
    objects: ClassVar[_TenantAccess] = _TenantAccess()

    class Meta:
        abstract = True
        default_manager_name = "unscoped"


class FactModel(models.Model):
    """A row that belongs to one organization and one environment."""

    # Without an index of its own: every index that serves a tenant begins with the organization and has more.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    environment = models.CharField(max_length=10, choices=Environment.choices())

    unscoped: ClassVar[models.Manager[Self]] = models.Manager()
    objects: ClassVar[_FactAccess] = _FactAccess()

    class Meta:
        abstract = True
        default_manager_name = "unscoped"
