"""The actor that a person is: with the permissions of their role, and the role for a name on the trail."""

import uuid

from accounts.models import Membership
from accounts.permissions import ROLE_PERMISSIONS
from accounts.types import Role
from core.actor import Actor, ActorKind
from core.environments import Environment


def make_person_actor(*, user_id: uuid.UUID, role: Role, organization_id: uuid.UUID, environment: Environment) -> Actor:
    """Return the actor that the person is, in that organization and environment."""
    return Actor(
        organization_id=organization_id,
        environment=environment,
        kind=ActorKind.USER,
        id=user_id,
        name=role.value,
        permissions=ROLE_PERMISSIONS[role],
        role=role.value,
    )


def make_membership_actor(membership: Membership) -> Actor:
    """Return the actor that a member is where no environment was chosen: in the organization's own.

    The membership comes with its organization.
    """
    return make_person_actor(
        user_id=membership.user_id,
        role=Role(membership.role),
        organization_id=membership.organization_id,
        environment=Environment(membership.organization.default_environment),
    )
