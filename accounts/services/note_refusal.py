"""Notes that somebody known was turned away."""

import uuid
from datetime import datetime
from enum import StrEnum

from accounts.queries import list_memberships
from core.actor import Actor, ActorKind
from core.environments import Environment
from core.unit_of_work import service
from events.services.record import record


class Refusal(StrEnum):
    """Why a person who is known here was turned away."""

    WRONG_CODE = "wrong_code"
    SPENT_LINK = "spent_link"
    SUSPENDED = "suspended"
    TOO_MANY_TRIES = "too_many_tries"


@service
def note_refusal(
    *, user_id: uuid.UUID, reason: Refusal, organization_id: uuid.UUID | None = None, now: datetime
) -> None:
    """Record it in that organization, or in each that the person belongs to, suspended or not."""
    for membership in list_memberships(user_id=user_id):
        if organization_id in {None, membership.organization_id}:
            actor = Actor(
                organization_id=membership.organization_id,
                environment=Environment(membership.organization.default_environment),
                kind=ActorKind.USER,
                id=user_id,
                name=membership.role,
                role=membership.role,
            )
            record(
                actor=actor,
                kind="sign_in.refused",
                subject_type="user",
                subject_id=str(user_id),
                payload={"reason": reason.value},
                now=now,
            )
