"""Who acts: an API key, a person or the system itself."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

from core.environments import Environment


class ActorKind(StrEnum):
    API_KEY = "api_key"
    USER = "user"
    SYSTEM = "system"


class Scope(TypedDict):
    """Whose rows, in which world: the keywords that every look-up of facts takes."""

    organization_id: uuid.UUID
    environment: Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who may do things in one organization and one environment.

    `name` is fit for an audit trail: a role or a key's public id, never an e-mail or a secret.
    """

    organization_id: uuid.UUID
    environment: Environment
    kind: ActorKind
    id: uuid.UUID | None
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    role: str | None = None

    @property
    def scope(self) -> Scope:
        """Return where this actor acts."""
        return Scope(organization_id=self.organization_id, environment=self.environment)

    def can(self, permission: str) -> bool:
        """Say whether this actor holds the `resource:action` permission."""
        return permission in self.permissions


def make_system_actor(*, organization_id: uuid.UUID, environment: Environment, name: str) -> Actor:
    """Return the actor of a job or a management command."""
    return Actor(organization_id=organization_id, environment=environment, kind=ActorKind.SYSTEM, id=None, name=name)
