"""Notes what a person did with their own account, on the trail of every organization they belong to."""

import uuid
from datetime import datetime

from accounts.person_actor import make_membership_actor
from accounts.queries import list_active_memberships
from core.unit_of_work import service
from events.services.record import record


@service
def note_account_change(*, user_id: uuid.UUID, change: str, now: datetime) -> None:
    """Record a changed password or second factor; `change` is the word of it, such as `totp_added`."""
    _note(user_id, kind="account.changed", payload={"change": change}, now=now)


@service
def note_session_started(*, user_id: uuid.UUID, methods: list[str], now: datetime) -> None:
    """Record that the person signed in with a browser, and by what means."""
    _note(user_id, kind="session.started", payload={"methods": methods}, now=now)


@service
def note_session_ended(*, user_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Record that a browser's session ended: `signed_out`, `idle` or `closed_elsewhere`."""
    _note(user_id, kind="session.ended", payload={"reason": reason}, now=now)


def _note(user_id: uuid.UUID, *, kind: str, payload: dict[str, object], now: datetime) -> None:
    for membership in list_active_memberships(user_id=user_id):
        record(
            actor=make_membership_actor(membership),
            kind=kind,
            subject_type="user",
            subject_id=str(user_id),
            payload=payload,
            now=now,
        )
