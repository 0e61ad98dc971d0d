"""Payments of the sample as rows of the shared header."""

from datetime import UTC, datetime, timedelta, timezone

from clausum.datasets.rows import PAY_IN, PAYOUT, Row
from clausum.datasets.sampling.parties import Account, Card, Payer, Shopper

MEXICO_CITY = timezone(timedelta(hours=-6))
"""Without summer time since October 2022."""
FIRST_DAY = datetime(2025, 9, 1, tzinfo=MEXICO_CITY)
DAYS = 40

_EMPTY = Row(*[""] * len(Row._fields))


def local(day: int, clock: str) -> datetime:
    """Return a moment of the sample: its day, counted from 0, and the time in Mexico City, such as 09:30."""
    hours, minutes = map(int, clock.split(":"))
    return FIRST_DAY + timedelta(days=day, hours=hours, minutes=minutes)


def make_payout_row(*, at: datetime, amount_minor: int, payer: Payer, account: Account, scenario: str = "") -> Row:
    """Return a SPEI transfer in MXN; a scenario makes it a fraud."""
    return _EMPTY._replace(
        occurred_at=_format_time(at),
        kind=PAYOUT,
        amount_minor=str(amount_minor),
        currency="MXN",
        customer_id=payer.customer_id,
        source_account=payer.account_id,
        beneficiary_id=account.id,
        beneficiary_clabe=account.clabe,
        email=payer.email,
        name=account.name,
        country="MX",
        channel="TRANSFER",
        label="1" if scenario else "0",
        scenario=scenario,
    )


def make_payin_row(
    *,
    at: datetime,
    amount_minor: int,
    shopper: Shopper,
    card: Card,
    merchant: tuple[str, str],
    scenario: str = "",
) -> Row:
    """Return a card payment in MXN to a merchant (id, category); a scenario makes it a fraud."""
    merchant_id, category = merchant
    return _EMPTY._replace(
        occurred_at=_format_time(at),
        kind=PAY_IN,
        amount_minor=str(amount_minor),
        currency="MXN",
        customer_id=shopper.customer_id,
        merchant_id=merchant_id,
        merchant_category=category,
        card_bin=card.bin,
        card_last4=card.last4,
        card_fingerprint=card.fingerprint,
        card_scheme=card.scheme,
        device_id=shopper.device_id,
        ip=shopper.ip,
        email=shopper.email,
        phone=shopper.phone,
        user_agent=shopper.user_agent,
        channel="ecommerce",
        label="1" if scenario else "0",
        scenario=scenario,
    )


def _format_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
