"""What a browser's session says of its person: where they work, in which world, and when they were last seen."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.queries import MemberFacts
from core.environments import Environment

ORGANIZATION, ENVIRONMENT, SEEN_AT = "organization_id", "environment", "seen_at"
SEEN_EVERY_SECONDS = 60
NOTED_EVERY = timedelta(minutes=5)
_METHODS = "account_authentication_methods"
"""Where allauth keeps by what means this session's person has proved who they are."""


def is_idle(session: SessionBase, *, now: datetime) -> bool:
    """Say whether the session has been left alone for longer than SESSION_IDLE_SECONDS."""
    seen_at = session.get(SEEN_AT)
    return isinstance(seen_at, int | float) and now.timestamp() - seen_at > settings.SESSION_IDLE_SECONDS


def is_stale(last_access_at: datetime | None, *, now: datetime) -> bool:
    """Say whether a member's last access is to be noted anew; to five minutes, as it is written to the database."""
    return last_access_at is None or now - last_access_at >= NOTED_EVERY


def note_seen(session: SessionBase, *, now: datetime) -> None:
    """Keep that its person was there; at most once a minute, as it is written to the database."""
    if now.timestamp() - float(session.get(SEEN_AT, 0)) >= SEEN_EVERY_SECONDS:
        session[SEEN_AT] = now.timestamp()


def read_organization(session: SessionBase) -> uuid.UUID | None:
    """Return the organization that was chosen, if any."""
    try:
        return uuid.UUID(session[ORGANIZATION])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def read_environment(session: SessionBase, *, default: Environment) -> Environment:
    """Return the world that was chosen, else the organization's own."""
    chosen = session.get(ENVIRONMENT)
    return Environment(chosen) if chosen in set(Environment) else default


def came_by_single_sign_on(session: SessionBase) -> bool:
    """Say whether an identity provider let this person in; second factors are then its affair."""
    records: Any = session.get(_METHODS)
    return isinstance(records, list) and any(record.get("method") == "socialaccount" for record in records)


def has_fresh_proof(session: SessionBase, *, now: datetime) -> bool:
    """Say whether the person proved who they are, at the sign-in or since, within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    records: Any = session.get(_METHODS)
    proved_at = records[-1].get("at", 0) if isinstance(records, list) and records else 0
    return now.timestamp() - float(proved_at) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def lacks_second_factor(session: SessionBase, member: MemberFacts) -> bool:
    """Say whether the organization asks for a second factor that this person has not set up."""
    return member.requires_mfa and not member.has_second_factor and not came_by_single_sign_on(session)
