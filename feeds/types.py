"""The words of feeds: dated lists from outside that signals compare with."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec


class FeedKind(StrEnum):
    """What a list holds, and so which signal reads it (contract §7)."""

    IP_THREAT = "ip_threat"
    DISPOSABLE_DOMAIN = "disposable_domain"
    SUSPICIOUS_TLD = "suspicious_tld"
    RISK_COUNTRY = "risk_country"
    GENERIC_INITIATOR = "generic_initiator"


class VersionState(StrEnum):
    """Where one version of a list stands."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    TO_REVIEW = "to_review"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class ReviewReason(StrEnum):
    """Why a version waits for a person."""

    EMPTY = "empty"
    SHRUNK = "shrunk"
    UNREADABLE = "unreadable"
    GROWN = "grown"
    BROAD = "broad"


class FeedHealth(StrEnum):
    """How a list stands, the most pressing first."""

    TO_REVIEW = "to_review"
    FAILING = "failing"
    STALE = "stale"
    WAITING = "waiting"
    CURRENT = "current"


type Candidates = Mapping[FeedKind, tuple[str, ...]]
"""Under which values a list of each kind may hold something of the payment; a kind without any is left out."""

MAXIMUM_VALUE_LENGTH = 253
"""Of a domain (RFC 1035 §2.3.4); networks and names are shorter."""
MAXIMUM_BYTES = 50 * 1024 * 1024
MAXIMUM_ENTRIES = 2_000_000
TOO_MANY_ENTRIES = "too_many_entries"
"""Why a list failed whose version was discarded unread, beside the faults of fetching and of content."""


class FeedHit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That a list has something of the payment: which list, which version and of which date.

    `value` only where it is no personal data and one list may hold several: a country's code. `version` is None and the
    title empty for a list that comes with Clausum: its code and its date tell it.
    """

    kind: FeedKind
    feed: str
    as_of: str
    title: str = ""
    version: int | None = None
    value: str | None = None


class FeedMatches(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization's own lists hold of a payment, and which of Clausum's it has turned off."""

    hits: tuple[FeedHit, ...] = ()
    muted: frozenset[str] = frozenset()


class NewFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A list that an organization adds: with a URL and a schedule, or without, for files that it uploads."""

    kind: FeedKind
    title: str
    source: str = ""
    url: str = ""
    licence: str = ""
    schedule_hours: int | None = None
    stale_after_days: int | None = None


class FeedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A list as pages and the API show it, own or Clausum's.

    `added` and `removed` are the last change; `is_locked`: its module is not contracted, so nothing reads it.
    """

    code: str
    kind: FeedKind
    title: str
    source: str
    url: str
    licence: str
    is_builtin: bool
    is_active: bool
    is_locked: bool
    health: FeedHealth
    version: int | None
    as_of: date | None
    sha256: str
    entries: int
    added: int | None
    removed: int | None
    hits_30d: int
    schedule_hours: int | None
    stale_after_days: int | None
    confirmed_at: datetime | None
    refresh_at: datetime | None
    failure: str
    failed_at: datetime | None
    id: uuid.UUID | None = None


class VersionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a list, and what it changed: a sample of what came and of what went."""

    id: uuid.UUID
    number: int
    state: VersionState
    review_reason: ReviewReason | None
    as_of: date
    fetched_at: datetime
    sha256: str
    size: int
    entries: int | None
    added: int | None
    removed: int | None
    refused: dict[str, int]
    sample_added: tuple[str, ...]
    sample_removed: tuple[str, ...]


class ValueFacts(msgspec.Struct, frozen=True, kw_only=True):
    """That a list has a value that a person looked for, or had it; `until_version` None is still."""

    value: str
    from_version: int | None
    until_version: int | None
