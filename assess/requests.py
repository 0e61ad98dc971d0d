"""The bodies that the assess endpoints take. The recorded OpenAPI is made from these very structs.

A number is an `int` when it was an integer token and a `Decimal` otherwise; never a float.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.money import MAX_AMOUNT_MINOR, currencies

MAXIMUM_COUNT = 10**12

type Number = Annotated[int | Decimal, Meta(description="A JSON number, parsed exactly.")]
type Amount = Annotated[
    int | Decimal,
    Meta(
        description="Minor units as an integer (the default), or a decimal with `amount_unit` major.",
        extra_json_schema={"minimum": 0, "maximum": MAX_AMOUNT_MINOR},
    ),
]
type Count = Annotated[
    int | Decimal,
    Meta(
        description="A count or milliseconds; a fraction is dropped, what is out of range is doubtful.",
        extra_json_schema={"minimum": 0, "maximum": MAXIMUM_COUNT},
    ),
]

type Currency = Annotated[
    str,
    Meta(
        description="ISO 4217, taken in any case; withdrawn and X-codes are refused.",
        examples=["MXN"],
        extra_json_schema={"enum": sorted(currencies())},
    ),
]
type Clabe = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{18}$"})]
type Iban = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"})]
type Bic = Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"})]


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown fields are not an error here: they are named in `field_warnings`."""


class DeviceBody(Body, frozen=True):
    ip: str | None = None
    fingerprint: str | None = None
    user_agent: str | None = None
    timezone: str | None = None


class BehaviorBody(Body, frozen=True):
    session_duration_ms: Count | None = None
    mouse_movements: Count | None = None
    keystrokes: Count | None = None
    copy_paste_events: Count | None = None


class PaymentMethodBody(Body, frozen=True):
    type: str | None = None
    card_bin: str | None = None
    card_last4: str | None = None
    card_hash: str | None = None
    card_country: str | None = None
    card_brand: str | None = None


class BillingBody(Body, frozen=True):
    country: str | None = None
    city: str | None = None
    postal_code: str | None = None


class BeneficiaryBody(Body, frozen=True):
    id: str | None = None
    name: str | None = None
    country: str | None = None
    clabe: Clabe | None = None
    iban: Iban | None = None
    account_hash: str | None = None
    swift_bic: Bic | None = None
    email: str | None = None
    phone: str | None = None


class OriginBody(Body, frozen=True):
    account_id: str | None = None
    country: str | None = None
    user_limit: Number | None = None


class PayoutBody(Body, frozen=True):
    channel: str | None = None
    rail: str | None = None
    initiated_by: str | None = None
    first_to_beneficiary: bool | None = None


class CommonBody(Body, frozen=True):
    """What both flows take."""

    amount: Amount
    currency: Currency
    amount_unit: Literal["minor", "major"] | None = None
    transaction_type: str | None = None
    session_id: str | None = None
    customer_id: str | None = None
    order_id: str | None = None
    payment_id: str | None = None
    idempotency_key: str | None = None
    submerchant_id: str | None = None
    device: DeviceBody | None = None
    metadata: dict[str, Any] | None = None


class PayinBody(CommonBody, frozen=True, kw_only=True):
    """`POST /api/v1/assess` (contract §2)."""

    email: str | None = None
    phone: str | None = None
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

    session_id: str | None = None
    idempotency_key: str | None = None
    order_id: str | None = None
    payment_id: str | None = None
