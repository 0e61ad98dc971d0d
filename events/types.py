"""The words of the audit trail: an event as it was recorded, a sealed line of the chain, a signed head, a problem."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from core.environments import Environment

SEAL_FORMAT = 1
"""The number of the encoding that docs/audit-trail.md describes; it stands in every seal and every head."""

EMPTY_CHAIN_HASH = "0" * 64
"""What stands for the previous hash in the first seal of a chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One event as subscribers are given it."""

    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    kind: str
    actor_kind: str
    actor_id: uuid.UUID | None
    actor_name: str
    subject_type: str
    subject_id: str
    payload: dict[str, Any]
    created_at: datetime


class CheckState(StrEnum):
    """How far a verification of a chain has come."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


UNENDED = (CheckState.WAITING.value, CheckState.RUNNING.value)


class ErasureReason(StrEnum):
    """Why personal data were erased."""

    DATA_SUBJECT_REQUEST = "data_subject_request"
    RETENTION_ENDED = "retention_ended"


type EventContent = dict[str, Any]
"""The members of an event that are sealed; `events.rules.contents.make_event_content` makes it."""


class SealContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a seal's hash covers; hashes are lower-case hexadecimal, moments RFC 3339 in UTC with microseconds."""

    event_id: str
    format: int
    organization: str
    payload_hash: str
    previous_hash: str
    sealed_at: str
    sequence: int


class SealedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a chain with its event; None when the event is gone."""

    event: EventContent | None
    hash: str
    seal: SealContent


class HeadContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The end of a chain at some moment. A chain without rows has sequence 0 and EMPTY_CHAIN_HASH."""

    format: int
    hash: str
    organization: str
    public_key: str
    sealed_at: str | None
    sequence: int


class SignedHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A head and its Ed25519 signature, base64."""

    head: HeadContent
    signature: str


@dataclass(frozen=True, slots=True)
class ChainTip:
    """The last row of a chain."""

    sequence: int
    hash: str
    sealed_at: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a chain that is not as it was sealed. `sequence` is None when it concerns no single row."""

    sequence: int | None
    reason: str

    def __str__(self) -> str:
        return self.reason if self.sequence is None else f"sequence {self.sequence}: {self.reason}"
