"""Notes that somebody known was turned away."""

import uuid
from datetime import datetime
from enum import StrEnum

from accounts.person_actor import make_membership_actor
from accounts.queries import list_memberships
from core.unit_of_work import service
from events.services.record import record


class Refusal(StrEnum):
    """Why a person who is known here was turned away."""

    WRONG_CODE = "wrong_code"
    SPENT_LINK = "spent_link"
    SUSPENDED = "suspended"


@service
def note_refusal(
    *, user_id: uuid.UUID, reason: Refusal, organization_id: uuid.UUID | None = None, now: datetime
) -> None:
    """Record it in that organization, or in each that the person belongs to, suspended or not."""
    for membership in list_memberships(user_id=user_id):
        if organization_id in {None, membership.organization_id}:
            record(
                actor=make_membership_actor(membership),
                kind="sign_in.refused",
                subject_type="user",
                subject_id=str(user_id),
                payload={"reason": reason.value},
                now=now,
            )
