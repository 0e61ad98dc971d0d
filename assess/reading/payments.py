"""Bodies into payments. Only amount, currency and the shape of CLABE, IBAN and BIC fail a call (contract §2, §3)."""

from decimal import Decimal

import msgspec

from assess.reading.values import (
    read_account,
    read_bin,
    read_country,
    read_email,
    read_ip,
    read_last_four,
    read_phone,
    read_text,
)
from assess.reading.warnings import Warnings
from assess.requests import (
    BehaviorBody,
    BeneficiaryBody,
    CommonBody,
    DeviceBody,
    OriginBody,
    PayinBody,
    PayoutAssessBody,
)
from assess.requests import PayoutBody as PayoutPart
from assess.types import (
    AccountFlaw,
    Behavior,
    Beneficiary,
    Billing,
    Device,
    Origin,
    Payment,
    PaymentMethod,
    PayoutDetails,
)
from core.errors import ValidationFailed
from core.identifiers import bic, iban
from core.money import InvalidAmount, UnknownCurrency, normalize_currency, parse_amount
from transactions.types import Flow

MAXIMUM_METADATA_BYTES = 8 * 1024
RAILS = frozenset(
    {"spei", "wire", "ach", "sepa", "swift", "pix", "spid", "codi", "dimo", "rtp", "fednow", "card", "cash"}
)
_encoder = msgspec.json.Encoder(decimal_format="number")


def read_payin(body: PayinBody, warnings: Warnings) -> Payment:
    """Return the pay-in; raises ValidationFailed for amount, currency or metadata that cannot stand."""
    currency, amount_minor = _read_money(body)
    return Payment(
        flow=Flow.PAYIN,
        amount_minor=amount_minor,
        currency=currency,
        transaction_type=read_text(body.transaction_type),
        email=read_email(body.email, "email", warnings),
        phone=read_phone(body.phone, "phone", warnings),
        customer_id=read_text(body.customer_id),
        order_id=read_text(body.order_id),
        payment_id=read_text(body.payment_id),
        payment_method=_read_payment_method(body, warnings),
        device=_read_device(body.device, warnings),
        behavior=_read_behavior(body.behavior),
        billing=_read_billing(body, warnings),
        metadata=_read_metadata(body.metadata),
    )


def read_payout(body: PayoutAssessBody, warnings: Warnings) -> Payment:
    """Return the payout; raises ValidationFailed as `read_payin`, and for a beneficiary that names nobody."""
    currency, amount_minor = _read_money(body)
    return Payment(
        flow=Flow.PAYOUT,
        amount_minor=amount_minor,
        currency=currency,
        transaction_type=read_text(body.transaction_type),
        customer_id=read_text(body.customer_id),
        order_id=read_text(body.order_id),
        payment_id=read_text(body.payment_id),
        device=_read_device(body.device, warnings),
        behavior=_read_behavior(body.behavior),
        beneficiary=_read_beneficiary(body.beneficiary, warnings),
        origin=_read_origin(body.origin or OriginBody(), body, currency, warnings),
        payout=_read_payout_part(body.payout or PayoutPart()),
        metadata=_read_metadata(body.metadata),
    )


def _read_money(body: CommonBody) -> tuple[str, int]:
    try:
        currency = normalize_currency(body.currency)
    except UnknownCurrency:
        raise ValidationFailed.of_field("currency", "is not an active ISO 4217 currency") from None
    try:
        return currency, parse_amount(amount=body.amount, unit=body.amount_unit or "minor", currency=currency)
    except InvalidAmount as error:
        details: dict[str, object] = {"fields": {"amount": [error.message]}, "reason": error.reason}
        raise ValidationFailed(f"amount: {error.message}", details=details) from None


def _read_device(body: DeviceBody | None, warnings: Warnings) -> Device:
    if body is None:
        return Device()
    return Device(
        ip=read_ip(body.ip, "device.ip", warnings),
        fingerprint=read_text(body.fingerprint),
        user_agent=read_text(body.user_agent),
        timezone=read_text(body.timezone),
    )


def _read_behavior(body: BehaviorBody | None) -> Behavior | None:
    return msgspec.convert(body, Behavior, from_attributes=True) if body else None


def _read_payment_method(body: PayinBody, warnings: Warnings) -> PaymentMethod:
    method = body.payment_method
    if method is None:
        return PaymentMethod()
    return PaymentMethod(
        type=read_text(method.type),
        card_bin=read_bin(method.card_bin, "payment_method.card_bin", warnings),
        card_last4=read_last_four(method.card_last4, "payment_method.card_last4", warnings),
        card_hash=read_text(method.card_hash),
        card_country=read_country(method.card_country, "payment_method.card_country", warnings),
        card_brand=read_text(method.card_brand),
    )


def _read_billing(body: PayinBody, warnings: Warnings) -> Billing:
    if body.billing is None:
        return Billing()
    return Billing(
        country=read_country(body.billing.country, "billing.country", warnings),
        city=read_text(body.billing.city),
        postal_code=read_text(body.billing.postal_code),
    )


def _read_beneficiary(body: BeneficiaryBody, warnings: Warnings) -> Beneficiary:
    if not any(map(read_text, (body.country, body.name, body.clabe, body.iban, body.account_hash))):
        raise ValidationFailed.of_field("beneficiary", "needs one of country, name, clabe, iban, account_hash")
    flaws: dict[str, AccountFlaw] = {}
    found = Beneficiary(
        id=read_text(body.id),
        name=read_text(body.name),
        country=read_country(body.country, "beneficiary.country", warnings),
        clabe=read_account(body.clabe, "clabe", warnings, flaws),
        iban=read_account(body.iban, "iban", warnings, flaws),
        account_hash=read_text(body.account_hash),
        swift_bic=read_account(body.swift_bic, "swift_bic", warnings, flaws),
        email=read_email(body.email, "beneficiary.email", warnings),
        phone=read_phone(body.phone, "beneficiary.phone", warnings),
        flaws=flaws,
    )
    return msgspec.structs.replace(found, countries=_list_countries(found, warnings))


def _list_countries(found: Beneficiary, warnings: Warnings) -> tuple[str, ...]:
    """Return every country the beneficiary speaks of, its own first; a conflict is a warning."""
    spoken = [
        found.country,
        iban.country(found.iban) if found.iban else None,
        bic.country(found.swift_bic) if found.swift_bic else None,
        "MX" if found.clabe else None,
    ]
    countries = tuple(dict.fromkeys(code for code in spoken if code))
    if len(countries) > 1:
        warnings.doubt("beneficiary.country", "countries_conflict")
    return countries


def _read_origin(body: OriginBody, whole: CommonBody, currency: str, warnings: Warnings) -> Origin:
    return Origin(
        account_id=read_text(body.account_id),
        country=read_country(body.country, "origin.country", warnings),
        user_limit_minor=_read_user_limit(body.user_limit, whole, currency, warnings),
    )


def _read_user_limit(limit: int | Decimal | None, whole: CommonBody, currency: str, warnings: Warnings) -> int | None:
    if limit is None:
        return None
    try:
        return parse_amount(amount=limit, unit=whole.amount_unit or "minor", currency=currency)
    except InvalidAmount:
        warnings.doubt("origin.user_limit")
        return None


def _read_payout_part(body: PayoutPart) -> PayoutDetails:
    channel = read_text(body.channel)
    rail = read_text(body.rail) or (channel if channel and channel.lower() in RAILS else None)
    return PayoutDetails(
        channel=channel,
        rail=rail.lower() if rail else None,
        initiated_by=read_text(body.initiated_by),
        first_to_beneficiary=body.first_to_beneficiary,
    )


def _read_metadata(metadata: dict[str, object] | None) -> dict[str, object] | None:
    if metadata is not None and len(_encoder.encode(metadata)) > MAXIMUM_METADATA_BYTES:
        raise ValidationFailed.of_field("metadata", "has more than 8 KiB when serialized")
    return metadata
