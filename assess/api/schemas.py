"""What the assess endpoints answer (contract §2, §3, §5), for the recorded OpenAPI.

The answer's bytes are made in `assess.rendering`, the catalog in `assess.catalog`; tests hold them against these.
"""

import uuid
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from accounts.types import FailPolicy
from assess.requests import PayinBody, PayoutAssessBody, ReleaseBody
from assess.types import FieldWarning, FiredSignal
from transactions.types import Decision, Flow

PAYIN_EXAMPLE: dict[str, object] = {
    "amount": 1500,
    "currency": "MXN",
    "transaction_type": "payment",
    "email": "customer@example.com",
    "payment_method": {"type": "card", "card_bin": "411111", "card_last4": "4242", "card_country": "MX"},
    "device": {"ip": "201.150.10.22", "fingerprint": "fp_9a8b7c6d"},
    "billing": {"country": "MX", "postal_code": "06600"},
}
PAYOUT_EXAMPLE: dict[str, object] = {
    "amount": 25000.5,
    "amount_unit": "major",
    "currency": "MXN",
    "beneficiary": {"name": "Beneficiary SA", "country": "MX", "clabe": "012180001234567899"},
    "origin": {"account_id": "acct_orig_01", "country": "MX"},
    "payout": {"channel": "spei", "initiated_by": "ops@bank.com"},
}
RELEASE_EXAMPLE: dict[str, object] = {"session_id": "ps_1716998400000_a1b2c3d4e"}

_GIVEN = {"type": "string", "pattern": "^[!-~]"}
_NOT_GIVEN = {"type": "null"}
_WAYS_TO_NAME_AN_ATTEMPT = (("session_id",), ("idempotency_key",), ("order_id", "payment_id"))
_ALL_NAMES = tuple(name for way in _WAYS_TO_NAME_AN_ATTEMPT for name in way)

_WHOLE_UNLESS_MAJOR = [
    {"properties": {"amount": {"type": "integer"}}},
    {"required": ["amount_unit"], "properties": {"amount_unit": {"const": "major"}}},
]
_NAMES_SOMEBODY = [
    {"required": [name], "properties": {name: _GIVEN}} for name in ("country", "name", "clabe", "iban", "account_hash")
]
_NAMES_ONE_ATTEMPT = [
    {"required": list(way), "properties": {name: _GIVEN if name in way else _NOT_GIVEN for name in _ALL_NAMES}}
    for way in _WAYS_TO_NAME_AN_ATTEMPT
]

type PayinRequest = Annotated[PayinBody, Meta(extra_json_schema={"anyOf": _WHOLE_UNLESS_MAJOR})]
type PayoutRequest = Annotated[
    PayoutAssessBody,
    Meta(
        extra_json_schema={
            "anyOf": _WHOLE_UNLESS_MAJOR,
            "properties": {"beneficiary": {"anyOf": _NAMES_SOMEBODY}},
        }
    ),
]
type ReleaseRequest = Annotated[ReleaseBody, Meta(extra_json_schema={"oneOf": _NAMES_ONE_ATTEMPT})]

type SessionId = Annotated[str, Meta(pattern="^ps_[0-9]+_[0-9a-z]{9}$", examples=["ps_1716998400000_a1b2c3d4e"])]
type Score = Annotated[int, Meta(ge=0, le=100)]
type Blocker = Annotated[str, Meta(pattern="^(blocklist:[a-z_]+|amount_limit|rule:.+)$", examples=["blocklist:clabe"])]


class AssessAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision. `signals` are the codes of `signal_details`, heaviest first; `latency_ms` is the server's own.

    What stands last is there only when it applies; `signal_details` never for a publishable key.
    """

    decision: Decision
    risk_score: Score
    signals: list[str]
    session_id: SessionId
    blocked_by: Blocker | None
    latency_ms: Annotated[int, Meta(ge=0)]
    flow: Flow
    transaction_id: uuid.UUID
    signal_details: list[FiredSignal] | UnsetType = UNSET
    order_id: str | UnsetType = UNSET
    payment_id: str | UnsetType = UNSET
    idempotency_key: str | UnsetType = UNSET
    submerchant_id: str | UnsetType = UNSET
    submerchant_name: str | UnsetType = UNSET
    field_warnings: Annotated[list[FieldWarning], Meta(max_length=20)] | UnsetType = UNSET


class SimulationAnswer(AssessAnswer, frozen=True, kw_only=True):
    """What would be decided, as an assessment answers, with its tag and the version of the policy that decided."""

    simulation: Literal[True]
    policy_version: Annotated[int, Meta(ge=1)]


class ReleaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt counts no more; the same answer when repeated. A payment loaded as history has no session."""

    released: Literal[True]
    session_id: str | None


class CatalogAmount(msgspec.Struct, frozen=True, kw_only=True):
    """How amounts are written, and how many decimal places each currency has."""

    default_unit: Literal["minor"]
    units: dict[str, str]
    maximum_minor: int
    exponents: dict[str, int]


class CatalogField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the request."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "object"]
    level: Literal["required", "recommended", "optional"]
    description: str


class CatalogRequirements(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment must send, and had better send."""

    required: list[str]
    recommended: list[str]


class CatalogSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that this flow knows; an organization may give it another weight."""

    code: str
    default_weight: int
    meaning: str
    meaning_es: str


class CatalogDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision and the score from which it holds by default."""

    decision: Decision
    from_score: Score
    meaning: str


class CatalogIdempotency(msgspec.Struct, frozen=True, kw_only=True):
    """How a repeated call is recognised."""

    sources: list[str]
    kept_hours: int
    replay_header: str
    conflicts: dict[str, str]


class CatalogResilience(msgspec.Struct, frozen=True, kw_only=True):
    """What to do when no decision comes; `fail_policy` is the key's organization's own."""

    deadline_ms: int
    error_codes: dict[str, list[str]]
    retry: str
    default_fail_policy: FailPolicy
    fail_policy: FailPolicy | UnsetType = UNSET


class CatalogRateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls a key has unless it says otherwise; null is no limit."""

    default_per_minute: int
    default_per_day: int | None
    window_seconds: int
    headers: list[str]


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """What a flow takes and answers, and how to call it safely."""

    version: str
    engine: str
    flow: Flow
    amount: CatalogAmount
    fields: list[CatalogField]
    field_requirements_by_segment: dict[str, CatalogRequirements]
    signals: list[CatalogSignal]
    decisions: list[CatalogDecision]
    idempotency: CatalogIdempotency
    resilience: CatalogResilience
    rate_limits: CatalogRateLimits
