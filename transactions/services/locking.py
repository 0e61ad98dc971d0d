"""The first step of every change to a payment: its row, locked."""

import uuid

from core.actor import Actor
from core.errors import AppError
from transactions.models import Transaction
from transactions.queries import lock_transaction


class PaymentWasSimulated(AppError):
    message = "A simulated payment never happened, so nothing became of it."


def lock_real_transaction(*, actor: Actor, transaction_id: uuid.UUID) -> Transaction:
    """Return the actor's payment, locked; raises NotFound, PaymentWasSimulated."""
    transaction = lock_transaction(
        organization_id=actor.organization_id, environment=actor.environment, transaction_id=transaction_id
    )
    if transaction.is_simulated:
        raise PaymentWasSimulated(details={"reason": "simulated"})
    return transaction
