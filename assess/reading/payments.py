"""Bodies into payments. Only amount, currency and the shape of CLABE, IBAN and BIC fail a call (contract §2, §3)."""

from collections.abc import Callable
from decimal import Decimal

import msgspec

from assess.reading.values import (
    read_account,
    read_bin,
    read_count,
    read_country,
    read_email,
    read_ip,
    read_last_four,
    read_phone,
    read_text,
    read_word,
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
from core.identifiers.errors import InvalidIdentifier
from core.money import InvalidAmount, UnknownCurrency, normalize_currency, parse_amount
from transactions.types import Flow

MAXIMUM_METADATA_BYTES = 8 * 1024
LONGEST_USER_AGENT = 1024
_COUNTS = BehaviorBody.__struct_fields__
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
        transaction_type=read_word(body.transaction_type, "transaction_type", warnings),
        email=read_email(body.email, "email", warnings),
        phone=read_phone(body.phone, "phone", warnings),
        customer_id=read_word(body.customer_id, "customer_id", warnings),
        order_id=read_word(body.order_id, "order_id", warnings),
        payment_id=read_word(body.payment_id, "payment_id", warnings),
        payment_method=_read_payment_method(body, warnings),
        device=_read_device(body.device, warnings),
        behavior=_read_behavior(body.behavior, warnings),
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
        transaction_type=read_word(body.transaction_type, "transaction_type", warnings),
        customer_id=read_word(body.customer_id, "customer_id", warnings),
        order_id=read_word(body.order_id, "order_id", warnings),
        payment_id=read_word(body.payment_id, "payment_id", warnings),
        device=_read_device(body.device, warnings),
        behavior=_read_behavior(body.behavior, warnings),
        beneficiary=_read_beneficiary(body.beneficiary, warnings),
        origin=_read_origin(body.origin or OriginBody(), body, currency, warnings),
        payout=_read_payout_part(body.payout or PayoutPart(), warnings),
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
        fingerprint=read_word(body.fingerprint, "device.fingerprint", warnings),
        user_agent=read_word(body.user_agent, "device.user_agent", warnings, longest=LONGEST_USER_AGENT),
        timezone=read_word(body.timezone, "device.timezone", warnings),
    )


def _read_behavior(body: BehaviorBody | None, warnings: Warnings) -> Behavior | None:
    if body is None:
        return None
    return Behavior(**{name: read_count(getattr(body, name), f"behavior.{name}", warnings) for name in _COUNTS})


def _read_payment_method(body: PayinBody, warnings: Warnings) -> PaymentMethod:
    method = body.payment_method
    if method is None:
        return PaymentMethod()
    return PaymentMethod(
        type=read_word(method.type, "payment_method.type", warnings),
        card_bin=read_bin(method.card_bin, "payment_method.card_bin", warnings),
        card_last4=read_last_four(method.card_last4, "payment_method.card_last4", warnings),
        card_hash=read_word(method.card_hash, "payment_method.card_hash", warnings),
        card_country=read_country(method.card_country, "payment_method.card_country", warnings),
        card_brand=read_word(method.card_brand, "payment_method.card_brand", warnings),
    )


def _read_billing(body: PayinBody, warnings: Warnings) -> Billing:
    if body.billing is None:
        return Billing()
    return Billing(
        country=read_country(body.billing.country, "billing.country", warnings),
        city=read_word(body.billing.city, "billing.city", warnings),
        postal_code=read_word(body.billing.postal_code, "billing.postal_code", warnings),
    )


def _read_beneficiary(body: BeneficiaryBody, warnings: Warnings) -> Beneficiary:
    if not any(map(read_text, (body.country, body.name, body.clabe, body.iban, body.account_hash))):
        raise ValidationFailed.of_field("beneficiary", "needs one of country, name, clabe, iban, account_hash")
    flaws: dict[str, AccountFlaw] = {}
    found = Beneficiary(
        id=read_word(body.id, "beneficiary.id", warnings),
        name=read_word(body.name, "beneficiary.name", warnings),
        country=read_country(body.country, "beneficiary.country", warnings),
        clabe=read_account(body.clabe, "clabe", warnings, flaws),
        iban=read_account(body.iban, "iban", warnings, flaws),
        account_hash=read_word(body.account_hash, "beneficiary.account_hash", warnings),
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
        _country_of(found.iban, iban.country),
        _country_of(found.swift_bic, bic.country),
        "MX" if found.clabe else None,
    ]
    countries = tuple(dict.fromkeys(code for code in spoken if code))
    if len(countries) > 1:
        warnings.doubt("beneficiary.country", "countries_conflict")
    return countries


def _country_of(account: str | None, country: Callable[[str], str]) -> str | None:
    """Return the country an account names, None when no country has that code (a flaw, warned of already)."""
    try:
        return country(account) if account else None
    except InvalidIdentifier:
        return None


def _read_origin(body: OriginBody, whole: CommonBody, currency: str, warnings: Warnings) -> Origin:
    return Origin(
        account_id=read_word(body.account_id, "origin.account_id", warnings),
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


def _read_payout_part(body: PayoutPart, warnings: Warnings) -> PayoutDetails:
    channel = read_word(body.channel, "payout.channel", warnings)
    rail = read_word(body.rail, "payout.rail", warnings) or (channel if channel and channel.lower() in RAILS else None)
    return PayoutDetails(
        channel=channel,
        rail=rail.lower() if rail else None,
        initiated_by=read_word(body.initiated_by, "payout.initiated_by", warnings),
        first_to_beneficiary=body.first_to_beneficiary,
    )


def _read_metadata(metadata: dict[str, object] | None) -> dict[str, object] | None:
    if metadata is not None and len(_encoder.encode(metadata)) > MAXIMUM_METADATA_BYTES:
        raise ValidationFailed.of_field("metadata", "has more than 8 KiB when serialized")
    return metadata
