"""Payments as the merchant API shows them: what the client sent as its own references, the decision and the fate.

No e-mail, name, device, card or account is repeated here; the client finds those under its own `payment_id`.
"""

import msgspec

from core.api.responses import format_time
from transactions.models import Transaction
from transactions.types import Decision, Flow, FraudReason, Outcome


class TransactionItem(msgspec.Struct, frozen=True, kw_only=True):
    """One payment. Times are ISO 8601 in UTC, `amount` in minor units of `currency`.

    `released_at` says that the attempt was given up and counts nowhere; `outcome` is what the client told.
    """

    id: str
    transaction_id: str
    flow: Flow
    decision: Decision
    risk_score: int
    signals: list[str]
    blocked_by: str | None
    amount: int
    amount_unit: str
    currency: str
    transaction_type: str | None
    order_id: str | None
    payment_id: str | None
    customer_id: str | None
    session_id: str | None
    submerchant_id: str | None
    submerchant_external_id: str | None
    simulation: bool
    occurred_at: str
    created_at: str
    released_at: str | None
    outcome: Outcome | None
    outcome_at: str | None
    is_fraudulent: bool | None
    fraud_reason: FraudReason | None
    labelled_at: str | None


class TransactionPage(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first; `next_cursor` is null on the last page."""

    data: list[TransactionItem]
    next_cursor: str | None


class OutcomeBody(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the payment."""

    outcome: Outcome


def make_item(transaction: Transaction) -> TransactionItem:
    """Return the payment as the API shows it."""
    return TransactionItem(
        id=str(transaction.id),
        transaction_id=str(transaction.id),
        flow=Flow(transaction.flow),
        decision=Decision(transaction.decision),
        risk_score=transaction.risk_score,
        signals=transaction.signals,
        blocked_by=transaction.blocked_by,
        amount=transaction.amount_minor,
        amount_unit="minor",
        currency=transaction.currency,
        transaction_type=transaction.transaction_type,
        order_id=transaction.order_id,
        payment_id=transaction.payment_id,
        customer_id=transaction.customer_id,
        session_id=transaction.session_id,
        submerchant_id=str(transaction.submerchant_id) if transaction.submerchant_id else None,
        submerchant_external_id=transaction.submerchant.external_id if transaction.submerchant else None,
        simulation=transaction.is_simulated,
        occurred_at=format_time(transaction.occurred_at) or "",
        created_at=format_time(transaction.created_at) or "",
        released_at=format_time(transaction.released_at),
        outcome=Outcome(transaction.outcome) if transaction.outcome else None,
        outcome_at=format_time(transaction.outcome_at),
        is_fraudulent=transaction.is_fraudulent,
        fraud_reason=FraudReason(transaction.fraud_reason) if transaction.fraud_reason else None,
        labelled_at=format_time(transaction.labelled_at),
    )
