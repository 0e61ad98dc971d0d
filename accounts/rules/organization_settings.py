"""What an administrator may set for the organization: each setting read strictly, in one canonical form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from zoneinfo import available_timezones

from accounts.rules.networks import normalize_networks
from accounts.rules.own_identifiers import normalize_own_identifiers
from accounts.types import FailPolicy, Language
from core.environments import Environment
from core.errors import ValidationFailed

MAXIMUM_NAME_LENGTH = 200
MAXIMUM_REASON_LENGTH = 500
MAXIMUM_RETENTION_DAYS = 36_525
"""A century: whoever types more means something else."""

APPROVED = ("fail_policy_payin", "fail_policy_payout")
"""Settings that somebody answers for by name, with a reason."""


class OrganizationSettings(TypedDict, total=False):
    """What may be changed. `allowed_ips` empty: from anywhere."""

    name: str
    timezone: str
    language: Language
    default_environment: Environment
    requires_mfa: bool
    allowed_ips: Sequence[str]
    own_identifiers: Sequence[str]
    fail_policy_payin: FailPolicy
    fail_policy_payin_reason: str
    fail_policy_payout: FailPolicy
    fail_policy_payout_reason: str
    transaction_retention_days: int
    personal_data_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionFloors:
    """The fewest days that this installation lets an organization keep its records."""

    transaction_days: int
    personal_data_days: int


def normalize_organization(settings: Mapping[str, object], *, floors: RetentionFloors) -> dict[str, object]:
    """Return the settings given as they are stored; raises ValidationFailed naming the first that cannot be."""
    readers: dict[str, Callable[[Any], object]] = {
        "name": read_name,
        "timezone": read_timezone,
        "language": lambda given: Language(given).value,
        "default_environment": lambda given: Environment(given).value,
        "requires_mfa": bool,
        "allowed_ips": lambda given: normalize_networks(given, field="allowed_ips"),
        "own_identifiers": lambda given: normalize_own_identifiers(given, field="own_identifiers"),
        "fail_policy_payin": lambda given: FailPolicy(given).value,
        "fail_policy_payin_reason": lambda given: _read_reason("fail_policy_payin_reason", given),
        "fail_policy_payout": lambda given: FailPolicy(given).value,
        "fail_policy_payout_reason": lambda given: _read_reason("fail_policy_payout_reason", given),
        "transaction_retention_days": lambda given: _read_days(
            "transaction_retention_days", given, lowest=floors.transaction_days
        ),
        "personal_data_retention_days": lambda given: _read_days(
            "personal_data_retention_days", given, lowest=floors.personal_data_days
        ),
    }
    return {field: readers[field](given) for field, given in settings.items()}


def read_name(given: str) -> str:
    """Return an organization's name, trimmed; raises ValidationFailed."""
    name = given.strip()
    if not name or len(name) > MAXIMUM_NAME_LENGTH or not name.isprintable():
        raise ValidationFailed.of_field("name", f"must have 1 to {MAXIMUM_NAME_LENGTH} printable characters")
    return name


def read_timezone(given: str) -> str:
    """Return an IANA name; raises ValidationFailed."""
    if given not in available_timezones():
        raise ValidationFailed.of_field("timezone", "must be an IANA name such as America/Mexico_City")
    return given


def _read_reason(field: str, given: str) -> str:
    reason = " ".join(given.split())
    if not reason or len(reason) > MAXIMUM_REASON_LENGTH or not reason.isprintable():
        raise ValidationFailed.of_field(field, f"must have 1 to {MAXIMUM_REASON_LENGTH} printable characters")
    return reason


def _read_days(field: str, given: int, *, lowest: int) -> int:
    if not lowest <= given <= MAXIMUM_RETENTION_DAYS:
        raise ValidationFailed.of_field(field, f"must be from {lowest} to {MAXIMUM_RETENTION_DAYS} days")
    return given
