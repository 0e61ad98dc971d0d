"""The words of blocklists (contract §9)."""

import uuid
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType


class ListType(StrEnum):
    """What an entry lists, in the contract's order, which is also the order of hard blocks."""

    EMAIL = "email"
    EMAIL_DOMAIN = "email_domain"
    IP_ADDRESS = "ip_address"
    IP_RANGE = "ip_range"
    DEVICE_FINGERPRINT = "device_fingerprint"
    CARD_BIN = "card_bin"
    CARD_HASH = "card_hash"
    COUNTRY = "country"
    PHONE = "phone"
    CUSTOMER_ID = "customer_id"
    CLABE = "clabe"
    IBAN = "iban"
    ACCOUNT_HASH = "account_hash"
    SWIFT_BIC = "swift_bic"
    BENEFICIARY_ID = "beneficiary_id"


class FlowScope(StrEnum):
    PAYIN = "payin"
    PAYOUT = "payout"
    BOTH = "both"


class Severity(StrEnum):
    """How strongly an entry acts, the heaviest first.

    The order is that of the default weights (contract §7: block 100, flag 40, review 20), so review → flag counts as
    strengthening: a flag alone reaches the default review cut-off of 30 as well, and adds more to the score.
    """

    BLOCK = "block"
    FLAG = "flag"
    REVIEW = "review"

    @property
    def place(self) -> int:
        """0 for block … 2 for review."""
        return _PLACES[self]


_PLACES = {severity: place for place, severity in enumerate(Severity)}


class EntrySource(StrEnum):
    MANUAL = "manual"
    RULE = "rule"
    FRAUD_REPORT = "fraud_report"
    CHARGEBACK = "chargeback"
    API = "api"
    IMPORT = "import"
    NETWORK = "network"


class EntryState(StrEnum):
    """What a list is narrowed by: whether entries act now, and which of them somebody should look at again."""

    IN_FORCE = "in_force"
    OFF = "off"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    REVIEW = "review"


PAYOUT_TYPES = frozenset(
    {ListType.CLABE, ListType.IBAN, ListType.ACCOUNT_HASH, ListType.SWIFT_BIC, ListType.BENEFICIARY_ID}
)
LAST_YEAR = 9998
"""An end is of this year or before, in UTC: whatever a zone or 90 days more make of it is still a date."""
MAXIMUM_VALUE_LENGTH = 320  # the longest e-mail address, RFC 3696 §3 (64 + @ + 255)


def default_scope(list_type: ListType) -> FlowScope:
    """Return the flow that an entry of this type concerns unless it says otherwise."""
    return FlowScope.PAYOUT if list_type in PAYOUT_TYPES else FlowScope.PAYIN


class PaymentIdentifiers(msgspec.Struct, frozen=True, kw_only=True):
    """What of a payment can be on a list, each in its canonical form (`core.identifiers`), None when not given.

    `email` and `phone` are the payer's on a pay-in, the beneficiary's on a payout. `countries`: the billing and the
    card country on a pay-in, all countries of the beneficiary on a payout (contract §3).
    """

    email: str | None = None
    ip: str | None = None
    device_fingerprint: str | None = None
    card_bin: str | None = None
    card_hash: str | None = None
    countries: tuple[str, ...] = ()
    phone: str | None = None
    customer_id: str | None = None
    clabe: str | None = None
    iban: str | None = None
    account_hash: str | None = None
    swift_bic: str | None = None
    beneficiary_id: str | None = None


class ListHit(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a payment met, as the facts of the assessment keep it."""

    entry_id: str
    list_type: ListType
    severity: Severity


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be added. The value is as given, not yet normalised; no scope means the type's default."""

    list_type: ListType
    value: str
    flow_scope: FlowScope | None = None
    severity: Severity = Severity.BLOCK
    reason: str = ""
    source: EntrySource = EntrySource.MANUAL
    case_id: uuid.UUID | None = None
    expires_at: datetime | None = None

    @property
    def scope(self) -> FlowScope:
        """The scope given, else the type's own."""
        return self.flow_scope or default_scope(self.list_type)


class EntryChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an entry; what is UNSET stays."""

    reason: str | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    flow_scope: FlowScope | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET


class EntryTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How strongly an entry acts: in which flows, until when (None: for good), or not at all."""

    severity: Severity
    flow_scope: FlowScope
    is_active: bool
    expires_at: datetime | None


class EntryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as other apps and the API see it. `batch_id` is the import that put it there, or back, last."""

    id: uuid.UUID
    organization_id: uuid.UUID
    list_type: ListType
    value: str
    flow_scope: FlowScope
    severity: Severity
    reason: str
    source: EntrySource
    case_id: uuid.UUID | None
    is_active: bool
    expires_at: datetime | None
    created_by: uuid.UUID | None
    created_at: datetime
    updated_at: datetime
    batch_id: uuid.UUID | None = None


class HitSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How often an entry was met, and when last."""

    count: int = 0
    last_at: datetime | None = None


class EntryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries a page of the list shows; None does not narrow. A `state` is that of the moment `at`."""

    list_type: ListType | None = None
    severity: Severity | None = None
    source: EntrySource | None = None
    flow_scope: FlowScope | None = None
    is_active: bool | None = None
    state: EntryState | None = None
    at: datetime | None = None
    search: str = ""
    limit: int = 50
    offset: int = 0


class EntryPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of entries, and how many there are in all."""

    entries: tuple[EntryFacts, ...]
    total: int


class BulkAct(StrEnum):
    """What can be done to many entries at once."""

    OFF = "off"
    ON = "on"
    BLOCK = "block"
    FLAG = "flag"
    REVIEW = "review"
    EXPIRY = "expiry"
    PROLONG = "prolong"


class BulkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An act on many entries; `expires_at` is the new end that `EXPIRY` gives them, None for good."""

    act: BulkAct
    expires_at: datetime | None = None
