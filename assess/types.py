"""What an assessment is made of: the payment, what was gathered about it, the policy and the outcome.

All are frozen and encode to JSON, so that a decision can be stored whole and scored again, bit for bit.
Amounts are integer minor units of the payment's currency; times are UTC.
"""

import uuid
from datetime import datetime
from enum import StrEnum

import msgspec

from accounts.types import FailPolicy
from blocklists.types import ListHit
from feeds.types import FeedHit
from transactions.types import Decision, Flow, IdentityHistory, IdentityKind


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the stored payment: what was not given is left out."""


class Device(Part, frozen=True):
    ip: str | None = None
    fingerprint: str | None = None
    user_agent: str | None = None
    timezone: str | None = None


class Behavior(Part, frozen=True):
    session_duration_ms: int | None = None
    mouse_movements: int | None = None
    keystrokes: int | None = None
    copy_paste_events: int | None = None


class PaymentMethod(Part, frozen=True):
    type: str | None = None
    card_bin: str | None = None
    card_last4: str | None = None
    card_hash: str | None = None
    card_country: str | None = None
    card_brand: str | None = None


class Billing(Part, frozen=True):
    country: str | None = None
    city: str | None = None
    postal_code: str | None = None


class AccountFlaw(StrEnum):
    """Why an account of the right shape cannot be right."""

    CHECK_DIGIT = "check_digit"
    UNKNOWN_ISSUER = "unknown_issuer"


class Beneficiary(Part, frozen=True):
    """`countries` are all that the account speaks of (§3); `flaws` maps clabe, iban, swift_bic to what is wrong."""

    id: str | None = None
    name: str | None = None
    country: str | None = None
    clabe: str | None = None
    iban: str | None = None
    account_hash: str | None = None
    swift_bic: str | None = None
    email: str | None = None
    phone: str | None = None
    countries: tuple[str, ...] = ()
    flaws: dict[str, AccountFlaw] = {}


class Origin(Part, frozen=True):
    account_id: str | None = None
    country: str | None = None
    user_limit_minor: int | None = None


class PayoutDetails(Part, frozen=True):
    channel: str | None = None
    rail: str | None = None
    initiated_by: str | None = None
    first_to_beneficiary: bool | None = None


class Payment(Part, frozen=True):
    """The payment as asked about: normalised values, nothing derived from history."""

    flow: Flow
    amount_minor: int
    currency: str
    transaction_type: str | None = None
    email: str | None = None
    phone: str | None = None
    customer_id: str | None = None
    order_id: str | None = None
    payment_id: str | None = None
    payment_method: PaymentMethod = PaymentMethod()
    device: Device = Device()
    behavior: Behavior | None = None
    billing: Billing = Billing()
    beneficiary: Beneficiary | None = None
    origin: Origin = Origin()
    payout: PayoutDetails = PayoutDetails()
    metadata: dict[str, object] | None = None


class AmountStatistics(Part, frozen=True):
    """`events` amounts, their median and their median absolute deviation, both doubled so that halves stay exact."""

    events: int
    median_doubled: int
    mad_doubled: int


class PairHistory(Part, frozen=True):
    """What an origin and an account have between them, before this payment."""

    is_known: bool = False
    is_seen_24h: bool = False
    is_seen_earlier: bool = False


class Lookup(StrEnum):
    """The look-ups of gather; one that failed is named in the facts and its signals stay silent."""

    BLOCKLISTS = "blocklists"
    HISTORY = "history"
    AMOUNTS = "amounts"
    PAIR = "pair"
    NAMES = "names"
    PRIOR_FRAUD = "prior_fraud"
    FEEDS = "feeds"


class Facts(Part, frozen=True):
    """All that a score depends on, besides the policy. `payment` is stored apart (it holds the personal data).

    `feed_hits` are the lists from outside that have something of it; None before engine 2026.11.2, when nobody asked.
    """

    payment: Payment
    at: datetime
    local_hour: int
    fail_policy: FailPolicy
    is_advisory: bool = False
    list_hits: tuple[ListHit, ...] = ()
    histories: tuple[IdentityHistory, ...] = ()
    near_limit_bands: tuple[tuple[int, int], ...] = ()
    recent_amounts: AmountStatistics | None = None
    organization_amounts: AmountStatistics | None = None
    pair: PairHistory | None = None
    earlier_names: tuple[str, ...] = ()
    prior_fraud: tuple[IdentityKind, ...] = ()
    failed_lookups: tuple[Lookup, ...] = ()
    feed_hits: tuple[FeedHit, ...] | None = None

    def history(self, kind: IdentityKind) -> IdentityHistory | None:
        """Return what one kind of identity did, or None when the payment has no such identity."""
        return next((history for history in self.histories if history.kind is kind), None)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """That a signal fired: the numbers and words its description is rendered from.

    `weight` replaces the policy's (a list entry's severity sets its own). Money is given as a `Money` value, so that
    each language writes it its own way; strings must be safe to show to the client.
    """

    values: dict[str, "int | str | Money"] = {}
    weight: int | None = None
    floor: Decision | None = None
    blocks: str | None = None


class Money(msgspec.Struct, frozen=True):
    """An amount to be shown."""

    amount_minor: int
    currency: str


class FiredSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal as the answer shows it."""

    code: str
    weight: int
    description: str


class RuleMark(msgspec.Struct, frozen=True, kw_only=True):
    """A custom rule that a payment met, or (`is_met` false) of which it could not be told."""

    rule_id: str
    is_shadow: bool
    is_met: bool


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What scoring decides. `signals` heaviest first, ties in the catalog's order, rules last in theirs.

    `rules` are the marks of all custom rules, also of those in shadow; no answer shows them.
    """

    decision: Decision
    risk_score: int
    signals: tuple[FiredSignal, ...]
    blocked_by: str | None
    rules: tuple[RuleMark, ...] = ()


class WarningLevel(StrEnum):
    RECOMMENDED = "recommended"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    LOOKUP_FAILED = "lookup_failed"


class FieldWarning(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell about a field that did not fail the call; never holds a value."""

    field: str
    level: WarningLevel
    message: str


class RuleState(StrEnum):
    """The life of a custom rule (contract §8)."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class NewRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as somebody wrote it, not yet checked. `weight` counts for the action `score` only."""

    name: str
    flow: str
    condition: str
    action: str
    description: str = ""
    weight: int = 0
    guard_percent: int | None = None


class DraftState(StrEnum):
    """How far a policy that is worked on has come. STALE: it could not be published when it came to its turn."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    STALE = "stale"


OPEN_DRAFTS = frozenset({DraftState.DRAFT, DraftState.PROPOSED, DraftState.SCHEDULED, DraftState.STALE})
"""The states in which something can still be done with a draft."""


class BacktestState(StrEnum):
    """How a backtest stands; it ends when its job does."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Baseline(StrEnum):
    """What a backtest compares with: the decisions as they were taken, or what the policy in force would decide."""

    STORED = "stored"
    CURRENT = "current"


class NewBacktest(msgspec.Struct, frozen=True, kw_only=True):
    """A backtest that somebody asks for: of a draft, or of a published version; from `since` up to `until`."""

    name: str
    draft_id: uuid.UUID | None = None
    version: int | None = None
    baseline: Baseline = Baseline.STORED
    since: datetime
    until: datetime


class Language(StrEnum):
    SPANISH = "es-MX"
    ENGLISH = "en"


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the answer carries besides the outcome; stored, so that a replay gives the same bytes."""

    transaction_id: uuid.UUID
    session_id: str
    language: Language
    latency_ms: int
    shows_details: bool = True
    is_simulated: bool = False
    order_id: str | None = None
    payment_id: str | None = None
    idempotency_key: str | None = None
    submerchant_id: str | None = None
    submerchant_name: str | None = None
    field_warnings: tuple[FieldWarning, ...] = ()
