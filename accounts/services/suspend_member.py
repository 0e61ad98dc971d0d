"""Suspends a member's access, and gives it back."""

import uuid
from datetime import datetime

from accounts.models import AccessToken, Membership
from accounts.rules.people import read_handover_note
from accounts.services.member_events import change_member, keep_an_admin, lock_member, record_member_event
from core.actor import Actor
from core.unit_of_work import service


@service
def suspend_member(
    *, actor: Actor, membership_id: uuid.UUID, note: str = "", revision: int | None = None, now: datetime
) -> Membership:
    """End the member's access at once, their tokens with it, and return the member; harmless when repeated.

    `note` says who takes over what. Sessions and tokens ask for the membership at every request. Raises NotFound,
    ValidationFailed, MemberChanged and LastAdmin.
    """
    written = read_handover_note(note)
    member, admins = lock_member(actor=actor, membership_id=membership_id, revision=revision, is_active=False)
    if not member.is_active:
        return member
    keep_an_admin(member, admins)
    change_member(member, {"is_active": False, "suspended_at": now, "handover_note": written})
    ended = end_tokens(member, now=now)
    record_member_event(
        actor=actor,
        kind="member.suspended",
        member=member,
        payload={"is_active": {"before": True, "after": False}, "ended_tokens": ended},
        personal={"note": written} if written else None,
        now=now,
    )
    return member


@service
def reactivate_member(
    *, actor: Actor, membership_id: uuid.UUID, revision: int | None = None, now: datetime
) -> Membership:
    """Give a suspended member their access back, with the role they had, and return the member.

    Harmless when repeated. Raises NotFound and MemberChanged.
    """
    member, _admins = lock_member(actor=actor, membership_id=membership_id, revision=revision, is_active=True)
    if member.is_active:
        return member
    change_member(member, {"is_active": True, "suspended_at": None, "handover_note": ""})
    record_member_event(
        actor=actor,
        kind="member.reactivated",
        member=member,
        payload={"is_active": {"before": False, "after": True}, "role": member.role},
        now=now,
    )
    return member


@service
def end_tokens(member: Membership, *, now: datetime) -> int:
    """End the person's live tokens of this organization and return how many there were."""
    tokens = AccessToken.objects.for_organization(member.organization_id).filter(user_id=member.user_id)
    return tokens.filter(ended_at=None, expires_at__gt=now).update(ended_at=now)
