"""Which parts of the business a payment belongs to, as a backtest tells them apart. Pure."""

from assess.types import Payment
from transactions.types import Flow

FLOW = "flow"
BANK = "bank"
COUNTRY = "country"
CHANNEL = "channel"
AMOUNT = "amount"

_BANK_DIGITS = 3
_LONGEST = 40


def list_segments(payment: Payment) -> tuple[tuple[str, str], ...]:
    """Return kind and value of each segment.

    A bank is the first three digits of the beneficiary's CLABE; a country stands for accounts without one. An amount's
    band is "currency:digits": how many digits its minor units have.
    """
    return (
        (FLOW, payment.flow.value),
        _find_place(payment),
        (CHANNEL, _find_channel(payment)[:_LONGEST]),
        (AMOUNT, f"{payment.currency}:{len(str(payment.amount_minor))}"),
    )


def _find_place(payment: Payment) -> tuple[str, str]:
    beneficiary = payment.beneficiary
    if beneficiary is None:
        return COUNTRY, payment.payment_method.card_country or payment.billing.country or ""
    if beneficiary.clabe:
        return BANK, beneficiary.clabe[:_BANK_DIGITS]
    return COUNTRY, next(iter(beneficiary.countries), "") or beneficiary.country or ""


def _find_channel(payment: Payment) -> str:
    channel = payment.payment_method.type if payment.flow is Flow.PAYIN else payment.payout.channel
    return channel or ""
