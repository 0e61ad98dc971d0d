"""Ends a member's access for good."""

import uuid
from datetime import datetime

from accounts.services.member_events import keep_an_admin, lock_member, record_member_event
from core.actor import Actor
from core.unit_of_work import service


@service
def remove_member(*, actor: Actor, membership_id: uuid.UUID, revision: int | None = None, now: datetime) -> None:
    """Delete the membership, the person's tokens of this organization with it; what they did stays on the trail.

    The person and their memberships elsewhere stay. Raises NotFound, MemberChanged and LastAdmin.
    """
    member, admins = lock_member(actor=actor, membership_id=membership_id, revision=revision)
    if member.is_active:
        keep_an_admin(member, admins)
    record_member_event(
        actor=actor,
        kind="member.removed",
        member=member,
        payload={
            "role": {"before": member.role, "after": None},
            "is_active": {"before": member.is_active, "after": None},
        },
        personal={"email": member.user.email, "name": member.user.name},
        now=now,
    )
    member.delete()
