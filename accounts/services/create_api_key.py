"""Makes an API key."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from django.db import IntegrityError, transaction

from accounts.issuing import issue_key
from accounts.key_lists import find_key_of_request
from accounts.models import ApiKey
from accounts.rules.key_settings import KeyOptions, NewKeySettings, normalize_settings
from accounts.types import DEFAULT_RATE_LIMIT_PER_MINUTE, KeyType
from core.actor import Actor
from core.environments import Environment
from core.errors import Duplicate
from core.unit_of_work import service
from events.services.record import record

DEFAULTS: KeyOptions = {
    "permissions": None,
    "is_enabled": True,
    "expires_at": None,
    "allowed_ips": (),
    "allowed_origins": (),
    "require_origin": False,
    "rate_limit_per_minute": DEFAULT_RATE_LIMIT_PER_MINUTE,
    "rate_limit_per_day": None,
}


class KeyMadeAlready(Duplicate):
    """The form was sent before; the key it made is `key_id`."""

    message = "This form was sent already, and made its key then."

    def __init__(self, key_id: uuid.UUID) -> None:
        super().__init__(details={"id": str(key_id)})
        self.key_id = key_id


@service
def create_api_key(
    *,
    actor: Actor,
    organization_id: uuid.UUID,
    key_type: KeyType,
    environment: Environment,
    created_by: uuid.UUID | None = None,
    request_token: uuid.UUID | None = None,
    now: datetime,
    **settings: Unpack[NewKeySettings],
) -> tuple[ApiKey, str]:
    """Insert a key and return it with the full key, which is kept nowhere.

    Settings are `name` and what else differs from DEFAULTS. `created_by` is the person, when it is one. A second call
    with the same `request_token` makes no second key. The event belongs to the key's environment, whichever the actor
    works in. Raises ValidationFailed and KeyMadeAlready.
    """
    if organization_id != actor.organization_id:
        raise ValueError("an actor makes keys for its own organization")
    chosen = normalize_settings({**DEFAULTS, **settings}, key_type=key_type, now=now)
    key, full = _issue_once(
        organization_id=organization_id,
        environment=environment,
        key_type=key_type,
        request_token=request_token,
        created_by_id=created_by,
        created_at=now,
        **chosen,
    )
    record(
        actor=replace(actor, environment=environment),
        kind="key.created",
        subject_type="api_key",
        subject_id=str(key.id),
        payload={"public_id": key.public_id, "type": key.key_type, "permissions": list(key.permissions)},
        now=now,
    )
    return key, full


def _issue_once(
    *,
    organization_id: uuid.UUID,
    environment: Environment,
    key_type: KeyType,
    request_token: uuid.UUID | None,
    **fields: object,
) -> tuple[ApiKey, str]:
    """Insert the key; a twin that is sent at the same time waits for the first to commit, and is refused then."""
    fields["request_token"] = request_token
    try:
        with transaction.atomic():
            return issue_key(organization_id=organization_id, environment=environment, key_type=key_type, **fields)
    except IntegrityError:
        twin = request_token and find_key_of_request(organization_id=organization_id, request_token=request_token)
        if not twin:
            raise
        raise KeyMadeAlready(twin.id) from None
