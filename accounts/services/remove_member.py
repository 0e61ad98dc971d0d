"""Ends a member's access for good."""

import uuid
from datetime import datetime

from accounts.services.member_events import change_member, keep_an_admin, lock_member, record_member_event
from accounts.services.suspend_member import end_tokens
from core.actor import Actor
from core.unit_of_work import service


@service
def remove_member(*, actor: Actor, membership_id: uuid.UUID, revision: int | None = None, now: datetime) -> None:
    """End the membership at once, the person's tokens of this organization with it; the trail keeps who it was.

    The person and their memberships elsewhere stay. Raises NotFound, MemberChanged and LastAdmin.
    """
    member, admins = lock_member(actor=actor, membership_id=membership_id, revision=revision)
    if member.is_active:
        keep_an_admin(member, admins)
    was_active = member.is_active
    change_member(member, {"is_active": False, "removed_at": now, "suspended_at": None, "handover_note": ""})
    end_tokens(member, now=now)
    record_member_event(
        actor=actor,
        kind="member.removed",
        member=member,
        payload={
            "role": {"before": member.role, "after": None},
            "is_active": {"before": was_active, "after": None},
        },
        personal={"email": member.user.email, "name": member.user.name},
        now=now,
    )
