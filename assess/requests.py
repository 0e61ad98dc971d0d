"""The bodies that the assess endpoints take. The recorded OpenAPI is made from these very structs.

A number is an `int` when it was an integer token and a `Decimal` otherwise; never a float.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.money import MAX_AMOUNT_MINOR, currencies

type Number = Annotated[int | Decimal, Meta(description="A JSON number, parsed exactly.")]
type Amount = Annotated[
    int | Decimal,
    Meta(
        description="Minor units as an integer (the default), or a decimal with `amount_unit` major.",
        extra_json_schema={"minimum": 0, "maximum": MAX_AMOUNT_MINOR},
    ),
]
type Word = Annotated[str, Meta(max_length=256)]
type LongWord = Annotated[str, Meta(max_length=1024)]
type Count = Annotated[int, Meta(ge=0, le=10**12)]

type Currency = Annotated[
    str,
    Meta(
        description="ISO 4217, taken in any case; withdrawn and X-codes are refused.",
        examples=["MXN"],
        extra_json_schema={"enum": sorted(currencies())},
    ),
]
type Clabe = Annotated[str, Meta(max_length=256, extra_json_schema={"pattern": "^[0-9]{18}$"})]
type Iban = Annotated[str, Meta(max_length=256, extra_json_schema={"pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"})]
type Bic = Annotated[
    str, Meta(max_length=256, extra_json_schema={"pattern": "^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"})
]


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown fields are not an error here: they are named in `field_warnings`."""


class DeviceBody(Body, frozen=True):
    ip: Word | None = None
    fingerprint: Word | None = None
    user_agent: LongWord | None = None
    timezone: Word | None = None


class BehaviorBody(Body, frozen=True):
    session_duration_ms: Count | None = None
    mouse_movements: Count | None = None
    keystrokes: Count | None = None
    copy_paste_events: Count | None = None


class PaymentMethodBody(Body, frozen=True):
    type: Word | None = None
    card_bin: Word | None = None
    card_last4: Word | None = None
    card_hash: Word | None = None
    card_country: Word | None = None
    card_brand: Word | None = None


class BillingBody(Body, frozen=True):
    country: Word | None = None
    city: Word | None = None
    postal_code: Word | None = None


class BeneficiaryBody(Body, frozen=True):
    id: Word | None = None
    name: Word | None = None
    country: Word | None = None
    clabe: Clabe | None = None
    iban: Iban | None = None
    account_hash: Word | None = None
    swift_bic: Bic | None = None
    email: Word | None = None
    phone: Word | None = None


class OriginBody(Body, frozen=True):
    account_id: Word | None = None
    country: Word | None = None
    user_limit: Number | None = None


class PayoutBody(Body, frozen=True):
    channel: Word | None = None
    rail: Word | None = None
    initiated_by: Word | None = None
    first_to_beneficiary: bool | None = None


class CommonBody(Body, frozen=True):
    """What both flows take."""

    amount: Amount
    currency: Currency
    amount_unit: Literal["minor", "major"] | None = None
    transaction_type: Word | None = None
    session_id: Word | None = None
    customer_id: Word | None = None
    order_id: Word | None = None
    payment_id: Word | None = None
    idempotency_key: Word | None = None
    submerchant_id: Word | None = None
    device: DeviceBody | None = None
    metadata: dict[str, Any] | None = None


class PayinBody(CommonBody, frozen=True, kw_only=True):
    """`POST /api/v1/assess` (contract §2)."""

    email: Word | None = None
    phone: Word | None = None
    payment_method: PaymentMethodBody | None = None
    behavior: BehaviorBody | None = None
    billing: BillingBody | None = None


class PayoutAssessBody(CommonBody, frozen=True, kw_only=True):
    """`POST /api/v1/assess/payout` (contract §3)."""

    beneficiary: BeneficiaryBody
    behavior: BehaviorBody | None = None
    origin: OriginBody | None = None
    payout: PayoutBody | None = None


class ReleaseBody(Body, frozen=True):
    """`POST /api/v1/assess/release`: one of the three ways to name an attempt."""

    session_id: Word | None = None
    idempotency_key: Word | None = None
    order_id: Word | None = None
    payment_id: Word | None = None
