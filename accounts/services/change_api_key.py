"""Changes the settings of an API key."""

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Unpack, cast

from accounts.models import ApiKey
from accounts.queries import lock_api_key
from accounts.rules.key_settings import KeySettings, normalize_settings
from accounts.rules.key_states import require_not_revoked
from accounts.types import KeyType
from core.actor import Actor
from core.environments import Environment
from core.errors import StaleForm
from core.unit_of_work import service
from events.services.record import record

_PERSONAL = frozenset({"name", "allowed_ips"})  # what a person may have written of themselves, or where they live


class KeyChangedMeanwhile(StaleForm):
    """Somebody saved the key first; `details.fields` has `theirs` and `yours` of each setting that differs."""

    message = "The key was changed after this was opened; nothing was saved."


@service
def change_api_key(
    *, actor: Actor, key_id: uuid.UUID, revision: int | None = None, now: datetime, **changes: Unpack[KeySettings]
) -> ApiKey:
    """Set what is given, leave the rest, and return the key; nothing is recorded when nothing differs.

    `revision` is of the row that the actor read, for whom that matters. Raises NotFound, KeyRevoked, ValidationFailed
    and KeyChangedMeanwhile.
    """
    key = lock_api_key(organization_id=actor.organization_id, key_id=key_id)
    require_not_revoked(revoked_at=key.revoked_at, now=now)
    chosen = normalize_settings(changes, key_type=KeyType(key.key_type), now=now)
    differing = {field: value for field, value in chosen.items() if getattr(key, field) != value}
    if not differing:
        return key
    if revision is not None and revision != key.revision:
        raise KeyChangedMeanwhile.of_row(key, differing)
    before = {field: cast(object, getattr(key, field)) for field in differing}
    for field, value in differing.items():
        setattr(key, field, value)
    key.revision += 1
    key.save(update_fields=[*differing, "revision"])
    record(
        actor=replace(actor, environment=Environment(key.environment)),
        kind="key.changed",
        subject_type="api_key",
        subject_id=str(key.id),
        payload=_tell(before, differing, about=differing.keys() - _PERSONAL),
        personal=_tell(before, differing, about=differing.keys() & _PERSONAL) or None,
        now=now,
    )
    return key


def _tell(before: Mapping[str, object], after: Mapping[str, object], *, about: AbstractSet[str]) -> dict[str, object]:
    """Return the former and the present value of these settings as JSON has them."""
    return {field: {"before": _spell(before[field]), "after": _spell(after[field])} for field in sorted(about)}


def _spell(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
