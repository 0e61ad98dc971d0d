"""What the pages show of keys: each with its state and its use, in as many queries for two as for fifty."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.key_uses import count_key_uses
from accounts.models import ApiKey
from accounts.rules.key_states import KeyState, decide_state
from accounts.types import KEY_PREFIXES, KeyType
from core.environments import Environment
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class KeySummary:
    """A key as pages see it. `days` are its calls on each of the last 30 days, today last."""

    key: ApiKey
    key_type: KeyType
    environment: Environment
    state: KeyState
    days: list[tuple[date, int]]

    @property
    def shown(self) -> str:
        """Return what tells the key from others, without its secret."""
        return f"{KEY_PREFIXES[self.key_type]}{self.key.public_id}…{self.key.last_four}"

    @property
    def calls_today(self) -> int:
        return self.days[-1][1]

    @property
    def calls_in_all(self) -> int:
        return sum(calls for _, calls in self.days)

    @property
    def creator(self) -> str:
        """Return the address of the person who made the key, or nothing when it was a command."""
        return self.key.created_by.email if self.key.created_by else ""


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """How many keys there are that still live, and how many have ended."""

    living: int
    ended: int


def count_keys(*, organization_id: uuid.UUID, now: datetime) -> KeyCounts:
    """Return how many keys live, and how many were revoked or have expired."""
    keys, ended = ApiKey.objects.in_environments(organization_id), _ended(now)
    return KeyCounts(living=keys.exclude(ended).count(), ended=keys.filter(ended).count())


def summarize_keys(
    *, organization_id: uuid.UUID, timezone: str, has_ended: bool, limit: int, offset: int, now: datetime
) -> list[KeySummary]:
    """Return one page of the keys that live, or of those that were revoked or have expired, the newest first."""
    keys = ApiKey.objects.in_environments(organization_id)
    ended = _ended(now)
    shown = keys.filter(ended) if has_ended else keys.exclude(ended)
    page = list(shown.select_related("created_by").order_by("-created_at", "-id")[offset : offset + limit])
    return _summarize(page, organization_id=organization_id, timezone=timezone, now=now)


def summarize_key(
    *, organization_id: uuid.UUID, key_id: uuid.UUID, timezone: str, now: datetime
) -> tuple[KeySummary, list[KeySummary]]:
    """Return the key and those it was rotated from or to, the newest first.

    Raises NotFound, for another organization's too.
    """
    keys = ApiKey.objects.in_environments(organization_id).select_related("created_by")
    found = keys.filter(pk=key_id).first()
    if found is None:
        raise NotFound
    kin = keys.filter(rate_group=found.rate_group).exclude(pk=key_id).order_by("-created_at", "-id")
    all_of_them = _summarize([found, *kin], organization_id=organization_id, timezone=timezone, now=now)
    return all_of_them[0], all_of_them[1:]


def find_key_of_request(*, organization_id: uuid.UUID, request_token: uuid.UUID) -> ApiKey | None:
    """Return the key that a form of this token made, or None."""
    return ApiKey.objects.in_environments(organization_id).filter(request_token=request_token).first()


def _ended(now: datetime) -> Q:
    return Q(revoked_at__isnull=False, revoked_at__lte=now) | Q(expires_at__isnull=False, expires_at__lte=now)


def _summarize(keys: list[ApiKey], *, organization_id: uuid.UUID, timezone: str, now: datetime) -> list[KeySummary]:
    today = now.astimezone(ZoneInfo(timezone)).date()
    uses = count_key_uses(organization_id=organization_id, key_ids=[key.id for key in keys], today=today)
    return [
        KeySummary(
            key=key,
            key_type=KeyType(key.key_type),
            environment=Environment(key.environment),
            state=decide_state(
                is_enabled=key.is_enabled, revoked_at=key.revoked_at, expires_at=key.expires_at, now=now
            ),
            days=uses[key.id],
        )
        for key in keys
    ]


def count_living_keys_of(*, organization_id: uuid.UUID, user_id: uuid.UUID, now: datetime) -> int:
    """Return how many keys of the organization that still live were made by that person."""
    return ApiKey.objects.in_environments(organization_id).filter(created_by_id=user_id).exclude(_ended(now)).count()
