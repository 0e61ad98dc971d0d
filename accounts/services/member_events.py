"""What the audit trail says of a member, and what none of its services may do."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Membership
from accounts.team import lock_member_and_admins
from accounts.types import Role
from core.actor import Actor
from core.errors import Duplicate, StaleForm
from core.unit_of_work import service
from events.services.record import record


class LastAdmin(Duplicate):
    """Without this person nobody could administer the organization."""

    message = "This is the last active admin: make another one first."

    def __init__(self) -> None:
        super().__init__(details={"reason": "last_admin"})


class MemberChanged(StaleForm):
    """Somebody changed the member first; `details.fields` has `theirs` and `yours`."""

    message = "The member was changed after this was opened; nothing was saved."


@service
def lock_member(
    *, actor: Actor, membership_id: uuid.UUID, revision: int | None, **wanted: object
) -> tuple[Membership, list[Membership]]:
    """Return the member and the active admins, locked; without a `revision` the change goes for whatever is there.

    Raises NotFound, and MemberChanged when the member has moved on and what is wanted is not there already.
    """
    member, admins = lock_member_and_admins(organization_id=actor.organization_id, membership_id=membership_id)
    held = {field: getattr(member, field) for field in wanted}
    if revision is not None and revision != member.revision and (held != wanted or not wanted):
        raise MemberChanged.of_row(member, wanted)
    return member, admins


def keep_an_admin(member: Membership, admins: Sequence[Membership]) -> None:
    """Raise LastAdmin when no active admin would be left without this member."""
    if member.role == Role.ADMIN.value and not [each for each in admins if each.pk != member.pk]:
        raise LastAdmin


@service
def change_member(member: Membership, changes: Mapping[str, object]) -> dict[str, object]:
    """Set these fields and return what they were."""
    before = {field: getattr(member, field) for field in changes}
    for field, value in (dict(changes) | {"revision": member.revision + 1}).items():
        setattr(member, field, value)
    member.save(update_fields=[*changes, "revision"])
    return before


@service
def record_member_event(
    *,
    actor: Actor,
    kind: str,
    member: Membership,
    payload: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Record it about the member; the person's id is told, their address is not."""
    record(
        actor=actor,
        kind=kind,
        subject_type="membership",
        subject_id=str(member.pk),
        payload={"user_id": str(member.user_id), **payload},
        personal=personal,
        now=now,
    )
