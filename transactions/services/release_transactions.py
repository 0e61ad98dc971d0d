"""An attempt is given up: it stays as a fact and counts nowhere (contract §5)."""

from collections.abc import Iterable
from datetime import datetime

from core.actor import Actor
from core.unit_of_work import service
from events.services.record import record
from transactions.models import IdentityEvent, Transaction
from transactions.queries import find_newest_attempt, lock_real_transactions
from transactions.services.empty_summaries import empty_summaries
from transactions.types import ByIds, ByOrder, BySession, Released, ReleaseSelector


@service
def release_transactions(*, actor: Actor, selector: ReleaseSelector, now: datetime) -> Released | None:
    """Release what the selector names and return it, or None when the actor has no such payment.

    A session is released whole. The pair of order and payment names the session of its newest attempt, the one that
    holds the pair; the attempts it was taken over from stay in history. Repeated, it changes nothing and returns the
    same. What was simulated is not found.
    """
    found = _lock(actor, selector)
    if not found:
        return None
    fresh = [transaction for transaction in found if transaction.released_at is None]
    for transaction in fresh:
        _release(transaction, actor, now=now)
    _forget_history(actor, fresh)
    return Released(session_id=found[-1].session_id, transaction_ids=tuple(transaction.id for transaction in found))


def _lock(actor: Actor, selector: ReleaseSelector) -> list[Transaction]:
    match selector:
        case BySession(session_id):
            return _lock_where(actor, session_id=session_id)
        case ByOrder(order_id, payment_id):
            return _lock_session_of_pair(actor, order_id=order_id, payment_id=payment_id)
        case ByIds(transaction_ids):
            return _lock_where(actor, pk__in=transaction_ids)


def _lock_session_of_pair(actor: Actor, *, order_id: str, payment_id: str) -> list[Transaction]:
    newest = find_newest_attempt(
        organization_id=actor.organization_id,
        environment=actor.environment,
        order_id=order_id,
        payment_id=payment_id,
    )
    if newest is None:
        return []
    if newest.session_id is None:
        return _lock_where(actor, pk=newest.pk)
    return _lock_where(actor, session_id=newest.session_id)


def _lock_where(actor: Actor, **conditions: object) -> list[Transaction]:
    return lock_real_transactions(organization_id=actor.organization_id, environment=actor.environment, **conditions)


def _release(transaction: Transaction, actor: Actor, *, now: datetime) -> None:
    transaction.released_at = now
    transaction.save(update_fields=("released_at",))
    record(
        actor=actor,
        kind="transaction.released",
        subject_type="transaction",
        subject_id=str(transaction.id),
        payload={"session_id": transaction.session_id},
        now=now,
    )


def _forget_history(actor: Actor, transactions: Iterable[Transaction]) -> None:
    events = IdentityEvent.objects.for_organization(actor.organization_id, actor.environment)
    gone = events.filter(transaction_id__in=[transaction.id for transaction in transactions])
    places = list(gone.values_list("identity", "occurred_at"))
    gone.delete()
    empty_summaries(actor=actor, places=places)
