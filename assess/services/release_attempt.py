"""Give up an attempt: it stays as a fact, counts nowhere, and frees its idempotency key (contract §5)."""

from datetime import datetime

from assess.idempotency import make_find_transactions_statement, make_free_statement
from assess.reading.values import read_text
from assess.requests import ReleaseBody
from core.actor import Actor
from core.errors import ValidationFailed
from core.sql import run_statement
from core.unit_of_work import service
from transactions.services.release_transactions import release_transactions
from transactions.types import ByIds, ByOrder, BySession, Released, ReleaseSelector


@service
def release_attempt(*, actor: Actor, body: ReleaseBody, now: datetime) -> Released | None:
    """Release what the body names and return it, or None when nothing is known by it.

    Raises ValidationFailed unless exactly one of the three ways is given.
    """
    selector = _make_selector(actor, body)
    released = release_transactions(actor=actor, selector=selector, now=now)
    if released is None:
        return None
    run_statement(
        make_free_statement(
            organization_id=actor.organization_id,
            environment=actor.environment,
            transaction_ids=list(released.transaction_ids),
        )
    )
    return released


def _make_selector(actor: Actor, body: ReleaseBody) -> ReleaseSelector:
    session_id, key = read_text(body.session_id), read_text(body.idempotency_key)
    order_id, payment_id = read_text(body.order_id), read_text(body.payment_id)
    given = [bool(session_id), bool(key), bool(order_id or payment_id)]
    if sum(given) != 1 or bool(order_id) != bool(payment_id):
        raise ValidationFailed("Give one of: session_id; idempotency_key; order_id with payment_id.")
    if session_id:
        return BySession(session_id)
    if order_id and payment_id:
        return ByOrder(order_id, payment_id)
    statement = make_find_transactions_statement(
        organization_id=actor.organization_id, environment=actor.environment, key=key or ""
    )
    return ByIds(tuple(row[0] for row in run_statement(statement)))
