"""Gives a member another role."""

import uuid
from datetime import datetime

from accounts.models import Membership
from accounts.rules.roles import is_raise
from accounts.services.member_events import change_member, keep_an_admin, lock_member, record_member_event
from accounts.types import Role
from core.actor import Actor
from core.errors import Forbidden
from core.unit_of_work import service


class OwnRoleRaised(Forbidden):
    """Nobody gives themselves more than they have."""

    message = "Nobody raises their own role: another admin does."


@service
def change_role(
    *, actor: Actor, membership_id: uuid.UUID, role: Role, revision: int | None = None, now: datetime
) -> Membership:
    """Set the role, in force from the member's next request on, and return the member; nothing is recorded when it
    is the same.

    Raises NotFound, MemberChanged, OwnRoleRaised and LastAdmin.
    """
    member, admins = lock_member(actor=actor, membership_id=membership_id, revision=revision, role=role.value)
    before = Role(member.role)
    if before is role:
        return member
    if member.user_id == actor.id and is_raise(before=before, after=role):
        raise OwnRoleRaised
    keep_an_admin(member, admins)
    change_member(member, {"role": role.value})
    record_member_event(
        actor=actor,
        kind="member.role_changed",
        member=member,
        payload={"role": {"before": before.value, "after": role.value}},
        now=now,
    )
    return member
