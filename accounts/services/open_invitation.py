"""Opens the link of an invitation, or says why it opens nothing."""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from accounts.invitation_tokens import hash_token, read_public_id
from accounts.models import Invitation, SecurityEntry
from accounts.queries import find_failure_from_address
from accounts.services.close_invitation import close_invitation
from accounts.services.invitation_events import make_visitor, record_invitation_event
from accounts.team import find_invitation_named, list_present, lock_person, read_state
from accounts.throttling import RateLimited, seconds_until
from accounts.types import INVITATION_FAILED, InvitationState
from core.errors import Duplicate
from core.unit_of_work import service


class InvitationEnded(Duplicate):
    """It was accepted, revoked or closed, and stays so."""

    message = "This invitation has ended."

    def __init__(self) -> None:
        super().__init__(details={"reason": "invitation_ended"})


class InvitationProblem(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"
    CLOSED = "closed"


_PROBLEMS = {
    InvitationState.EXPIRED: InvitationProblem.EXPIRED,
    InvitationState.ACCEPTED: InvitationProblem.USED,
    InvitationState.REVOKED: InvitationProblem.REVOKED,
    InvitationState.CLOSED: InvitationProblem.CLOSED,
}


@service
def open_invitation(*, token: str, address: str, now: datetime) -> Invitation | InvitationProblem:
    """Return the pending invitation behind the token, locked, with its organization; or why there is none.

    What opens nothing is counted against the client's address, and told to the organization when it is known; it is
    returned, not raised, so that the unit of work commits. An invitation whose person belongs to the organization
    already is closed. Raises RateLimited after too many.
    """
    _refuse_too_many(address, now=now)
    invitation = _find(token)
    if invitation is None:
        _count(token, address, now=now)
        return InvitationProblem.UNKNOWN
    problem = _find_problem(invitation, token, now=now)
    if problem is None:
        return invitation
    _count(token, address, now=now)
    record_invitation_event(
        actor=make_visitor(invitation),
        kind="invitation.refused",
        invitation=invitation,
        payload={"reason": problem.value},
        now=now,
    )
    return problem


def _find(token: str) -> Invitation | None:
    """Return the invitation that the token names, locked after its person, in the order that all keep."""
    public_id = read_public_id(token)
    found = find_invitation_named(public_id=public_id) if public_id else None
    if found is None or not found.organization.is_active:
        return None
    lock_person(email=found.email)
    return find_invitation_named(public_id=found.public_id, is_locked=True)


def _find_problem(invitation: Invitation, token: str, *, now: datetime) -> InvitationProblem | None:
    if not hmac.compare_digest(bytes(invitation.token_hash), hash_token(token)):
        return InvitationProblem.REPLACED
    state = read_state(invitation, now=now)
    if state is not InvitationState.PENDING:
        return _PROBLEMS[state]
    if list_present(invitation.organization_id).filter(user__email=invitation.email).exists():
        close_invitation(actor=make_visitor(invitation), invitation=invitation, now=now)
        return InvitationProblem.CLOSED
    return None


def _refuse_too_many(address: str, *, now: datetime) -> None:
    window = timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
    failed_at = address and find_failure_from_address(
        address=address, since=now - window, nth=settings.SIGN_IN_FAILURES_PER_ADDRESS, kind=INVITATION_FAILED
    )
    if failed_at:
        wait = seconds_until(failed_at + window, now=now)
        raise RateLimited("Too many tries: wait as Retry-After says.", headers={"Retry-After": str(wait)})


def _count(token: str, address: str, *, now: datetime) -> None:
    SecurityEntry.objects.create(
        kind=INVITATION_FAILED, subject_digest=hash_token(token), address=address, created_at=now
    )
