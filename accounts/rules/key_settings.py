"""What the settings of a key may be (contract §1): each one read strictly and kept in one canonical form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from accounts.permissions import EVERYTHING, KEY_PERMISSIONS
from accounts.rules.networks import normalize_networks, without_duplicates
from accounts.rules.origins import normalize_origin
from accounts.types import KeyType
from core.errors import ValidationFailed
from core.identifiers.errors import InvalidIdentifier

MAXIMUM_NAME_LENGTH = 100
MAXIMUM_RATE_LIMIT = 2**31 - 1  # PostgreSQL's integer


class KeyOptions(TypedDict, total=False):
    """The settings of a key that have defaults. Permissions None: all that the key's type may do."""

    permissions: Sequence[str] | None
    is_enabled: bool
    expires_at: datetime | None
    allowed_ips: Sequence[str]
    allowed_origins: Sequence[str]
    require_origin: bool
    rate_limit_per_minute: int | None
    rate_limit_per_day: int | None


class NewKeySettings(KeyOptions):
    """What a new key needs."""

    name: str


class KeySettings(KeyOptions, total=False):
    """What may be changed."""

    name: str


def normalize_settings(settings: Mapping[str, object], *, key_type: KeyType, now: datetime) -> dict[str, object]:
    """Return the settings given in canonical form; raises ValidationFailed naming the first that cannot be."""
    readers: dict[str, Callable[[Any], object]] = {
        "name": _read_name,
        "permissions": lambda given: _read_permissions(given, key_type=key_type),
        "expires_at": lambda given: _read_expiry(given, now=now),
        "allowed_ips": lambda given: normalize_networks(given, field="allowed_ips"),
        "allowed_origins": lambda given: _read_origins(given, key_type=key_type),
        "require_origin": lambda given: _read_require_origin(given, key_type=key_type),
        "rate_limit_per_minute": lambda given: _read_limit("rate_limit_per_minute", given),
        "rate_limit_per_day": lambda given: _read_limit("rate_limit_per_day", given),
    }
    return {field: readers[field](given) if field in readers else given for field, given in settings.items()}


def _read_name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > MAXIMUM_NAME_LENGTH or not name.isprintable():
        raise ValidationFailed.of_field("name", f"must have 1 to {MAXIMUM_NAME_LENGTH} printable characters")
    return name


def _read_permissions(given: Sequence[str] | None, *, key_type: KeyType) -> list[str]:
    allowed = KEY_PERMISSIONS[key_type]
    if given is None:
        return sorted(allowed)
    if EVERYTHING in given:
        return [EVERYTHING]
    if not set(given) <= allowed:
        choice = ", ".join([*sorted(allowed), EVERYTHING])
        raise ValidationFailed.of_field("permissions", f"a {key_type.value} key may have: {choice}")
    return sorted(set(given))


def _read_expiry(given: datetime | None, *, now: datetime) -> datetime | None:
    if given is not None and given <= now:
        raise ValidationFailed.of_field("expires_at", "must be in the future")
    return given


def _read_origins(given: Sequence[str], *, key_type: KeyType) -> list[str]:
    if given and key_type is not KeyType.PUBLISHABLE:
        raise ValidationFailed.of_field("allowed_origins", "only a publishable key has origins")
    try:
        origins = [normalize_origin(item) for item in given]
    except InvalidIdentifier as error:
        raise ValidationFailed.of_field("allowed_origins", str(error)) from None
    return without_duplicates(origins, field="allowed_origins")


def _read_require_origin(given: bool, *, key_type: KeyType) -> bool:
    if given and key_type is not KeyType.PUBLISHABLE:
        raise ValidationFailed.of_field("require_origin", "only a publishable key has origins")
    return given


def _read_limit(field: str, given: int | None) -> int | None:
    if given is not None and not 1 <= given <= MAXIMUM_RATE_LIMIT:
        raise ValidationFailed.of_field(field, f"must be from 1 to {MAXIMUM_RATE_LIMIT}, or null for no limit")
    return given
