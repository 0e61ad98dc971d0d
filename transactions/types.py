"""The words of a payment: its flow, its decision, who is recognised in it, what became of it."""

import uuid
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from core.environments import Environment


class Flow(StrEnum):
    PAYIN = "payin"
    PAYOUT = "payout"


class Decision(StrEnum):
    """In order of severity."""

    APPROVE = "approve"
    REVIEW = "review"
    CHALLENGE = "challenge"
    DECLINE = "decline"

    @property
    def severity(self) -> int:
        """0 for approve … 3 for decline."""
        return _SEVERITY[self]


_SEVERITY = {decision: place for place, decision in enumerate(Decision)}


class Source(StrEnum):
    """Where a transaction came from."""

    ASSESS = "assess"
    HISTORY = "history"


class Outcome(StrEnum):
    """What the client says became of the payment after the decision."""

    RELEASED = "released"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    CHALLENGE_PASSED = "challenge_passed"
    CHALLENGE_FAILED = "challenge_failed"


class FraudReason(StrEnum):
    CHARGEBACK = "chargeback"
    FRIENDLY_FRAUD = "friendly_fraud"
    CARD_TESTING = "card_testing"
    ACCOUNT_TAKEOVER = "account_takeover"
    IDENTITY_THEFT = "identity_theft"
    OTHER = "other"
    AUTHORIZED_PUSH_PAYMENT = "authorized_push_payment"
    MULE_ACCOUNT = "mule_account"


VICTIM_PAYS = frozenset({FraudReason.ACCOUNT_TAKEOVER, FraudReason.AUTHORIZED_PUSH_PAYMENT, FraudReason.MULE_ACCOUNT})


class FraudsterSide(StrEnum):
    """Which side of the payment was the fraudster's."""

    PAYER = "payer"
    BENEFICIARY = "beneficiary"
    UNKNOWN = "unknown"


class IdentityKind(IntEnum):
    """Who or what recurs in payments, and is counted. The numbers are stored; never reuse one."""

    EMAIL = 1
    IP = 2
    DEVICE = 3
    CUSTOMER = 4
    CARD = 5
    BENEFICIARY = 6
    ORIGIN = 7
    CARD_HASH = 8


class IdentityHistory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one identity did before this payment, this payment not included. Hours and days are the organization's.

    `hourly_peak`: most events in one clock hour of the last 30 days, of hours over by an hour ago.
    `daily_peak_minor`, `closed_day_events`: greatest daily sum, and events, of the last 30 days' closed days in this
    currency. `hour_events` of `events_30d` fell in this payment's hour of the day. `counterparties_24h`: distinct
    accounts (of an origin) or origins (of an account); `new_counterparties_24h` an origin's accounts that were not seen
    before the 24 hours (0 for others). `near_limit_24h`: events per structuring band. An hour shown twice is two hours.
    """

    kind: IdentityKind
    events_1h: int = 0
    sum_24h_minor: int = 0
    hourly_peak: int = 0
    daily_peak_minor: int = 0
    closed_day_events: int = 0
    events_30d: int = 0
    hour_events: int = 0
    counterparties_24h: int = 0
    new_counterparties_24h: int = 0
    near_limit_24h: tuple[int, ...] = ()


class NewTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """A payment with its decision, about to be recorded; amount in minor units, `details` the normalised payment."""

    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    flow: Flow
    source: Source = Source.ASSESS
    amount_minor: int
    currency: str
    transaction_type: str | None = None
    occurred_at: datetime
    decision: Decision
    risk_score: int
    blocked_by: str | None = None
    signals: tuple[str, ...] = ()
    session_id: str | None = None
    order_id: str | None = None
    payment_id: str | None = None
    customer_id: str | None = None
    submerchant_id: uuid.UUID | None = None
    api_key_id: uuid.UUID | None = None
    is_advisory: bool = False
    is_simulated: bool = False
    details: dict[str, Any]

    @property
    def is_counted(self) -> bool:
        """Say whether the payment enters history: a simulated or advisory one never does (contract §2, §7)."""
        return not (self.is_simulated or self.is_advisory)


class BySession(msgspec.Struct, frozen=True):
    """Every attempt of one session."""

    session_id: str


class ByOrder(msgspec.Struct, frozen=True):
    """The session that holds the pair now: the one of the newest attempt under it."""

    order_id: str
    payment_id: str


class ByIds(msgspec.Struct, frozen=True):
    """These transactions."""

    transaction_ids: tuple[uuid.UUID, ...]


type ReleaseSelector = BySession | ByOrder | ByIds


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """What a release found: the session given up (None for payments without one) and its transactions, oldest first."""

    session_id: str | None
    transaction_ids: tuple[uuid.UUID, ...]


class Simulated(StrEnum):
    """What a list does with payments that were only simulated."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


class TransactionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which payments a list shows: since `from_at`, before `until_at`, and, for the next page, below `below_id`."""

    flow: Flow | None = None
    decision: Decision | None = None
    payment_id: str | None = None
    order_id: str | None = None
    session_id: str | None = None
    simulation: Simulated = Simulated.EXCLUDE
    from_at: datetime | None = None
    until_at: datetime | None = None
    below_id: uuid.UUID | None = None
    limit: int


class AmountSeries(msgspec.Struct, frozen=True, kw_only=True):
    """The counted payments of one flow and currency, and when the latest of them was."""

    flow: Flow
    currency: str
    last_at: datetime


class SnapshotDay(msgspec.Struct, frozen=True, kw_only=True):
    """A closed day of a series that is to be summed up; `ends_at` is the next day's midnight."""

    flow: Flow
    currency: str
    day: date
    ends_at: datetime


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """One organization in one environment, with its time zone."""

    organization_id: uuid.UUID
    environment: Environment
    timezone: str


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One payment of the past, normalised; `doubtful` counts the values that could not be read and were left out."""

    flow: Flow
    occurred_at: datetime
    amount_minor: int
    currency: str
    details: dict[str, Any]
    payment_id: str | None = None
    customer_id: str | None = None
    doubtful: int = 0


class LoadedHistory(msgspec.Struct, kw_only=True):
    """What a load did. `duplicates` were there already, under their payment_id or with the same content."""

    loaded: int = 0
    duplicates: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


class SessionTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """The payment that a session's decision was about."""

    transaction_id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    details: dict[str, Any]
