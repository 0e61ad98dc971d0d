"""A payment that was assessed, or loaded from the past, as it was asked about."""

import uuid

import msgspec

from assess.types import Payment
from core.environments import Environment
from core.errors import NotFound
from transactions.queries import get_whole_transaction


def find_stored_payment(*, organization_id: uuid.UUID, environment: Environment, transaction_id: uuid.UUID) -> Payment:
    """Return the payment. Raises NotFound, also for another tenant's or environment's, or one that cannot be read."""
    row = get_whole_transaction(organization_id=organization_id, environment=environment, transaction_id=transaction_id)
    known = {"flow": row.flow, "amount_minor": row.amount_minor, "currency": row.currency}
    try:
        return msgspec.convert({**row.details, **known}, Payment)
    except msgspec.ValidationError:
        raise NotFound from None
