"""Keys and passwords of the demo: made when it is, and made anew when their file was lost."""

import secrets
import string
import uuid
from datetime import datetime

from accounts.keys import is_same_key, parse_key
from accounts.queries import find_key, find_user, list_api_keys
from accounts.services.add_member import add_member
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.types import KeyFacts, KeyType, Role
from clausum.demo.cast import KEY_NAME, Part
from clausum.demo.state import DemoKeys, DemoUser
from core.actor import Actor
from core.environments import Environment
from core.unit_of_work import service

PASSWORD_LENGTH = 16
_ALPHABET = string.ascii_letters + string.digits
_PAGE = 100


def make_password() -> str:
    """Return 16 random letters and digits (95 bits), easy to paste."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PASSWORD_LENGTH))


@service
def add_members(*, actor: Actor, part: Part, now: datetime) -> tuple[DemoUser, ...]:
    """Add a person in every role and return their logins."""
    return tuple(_add_member(actor, part, role, now) for role in Role)


def _add_member(actor: Actor, part: Part, role: Role, now: datetime) -> DemoUser:
    email, password = part.make_email(role), make_password()
    add_member(actor=actor, email=email, role=role, password=password, now=now)
    return DemoUser(email=email, password=password, role=role.value)


@service
def renew_passwords(*, part: Part) -> tuple[DemoUser, ...]:
    """Give the people of the demo new passwords, which ends their sessions, and return their logins."""
    return tuple(_renew_password(part.make_email(role), role) for role in Role)


def _renew_password(email: str, role: Role) -> DemoUser:
    person, password = find_user(email=email), make_password()
    if person is None:
        raise LookupError(f"the demo's {role.value} is gone: start over with ./run --reset")
    person.set_password(password)
    person.save(update_fields=["password", "password_epoch"])
    return DemoUser(email=email, password=password, role=role.value)


@service
def create_keys(*, actor: Actor, now: datetime) -> DemoKeys:
    """Make a sandbox key of each type that may do all its type may, without limits."""
    return DemoKeys(
        secret=_create_key(actor, KeyType.SECRET, now),
        publishable=_create_key(actor, KeyType.PUBLISHABLE, now),
        ingest=_create_key(actor, KeyType.INGEST, now),
    )


def _create_key(actor: Actor, key_type: KeyType, now: datetime) -> str:
    _, full = create_api_key(
        actor=actor,
        organization_id=actor.organization_id,
        name=KEY_NAME,
        key_type=key_type,
        environment=Environment.SANDBOX,
        permissions=["*"],
        rate_limit_per_minute=None,
        now=now,
    )
    return full


@service
def revoke_former_keys(*, actor: Actor, now: datetime) -> None:
    """End the keys named as the demo's: whoever has the lost file has nothing."""
    keys, _ = list_api_keys(
        organization_id=actor.organization_id, environments=[Environment.SANDBOX], limit=_PAGE, offset=0
    )
    for key in keys:
        if key.name == KEY_NAME:
            revoke_api_key(actor=actor, key_id=key.id, now=now)


def get_key(*, full: str) -> KeyFacts:
    """Return what a request sees of a key just made. Raises LookupError when there is none such."""
    presented = parse_key(full)
    found = find_key(public_id=presented.public_id) if presented else None
    if found is None or not is_same_key(full, found.secret_hash):
        raise LookupError("no such key")
    return found


def are_live(*, keys: DemoKeys, organization_id: uuid.UUID, now: datetime) -> bool:
    """Say whether all three keys still open their organization's doors."""
    return all(_is_live(full, organization_id, now) for full in (keys.secret, keys.publishable, keys.ingest))


def _is_live(full: str, organization_id: uuid.UUID, now: datetime) -> bool:
    try:
        found = get_key(full=full)
    except LookupError:
        return False
    is_ended = found.revoked_at is not None and found.revoked_at <= now
    return found.organization.id == organization_id and found.is_enabled and not is_ended
