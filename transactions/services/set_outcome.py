"""The client says what became of a payment after the decision."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.errors import Duplicate
from core.unit_of_work import service
from events.services.record import record
from transactions.models import IdentityEvent, Transaction
from transactions.services.locking import lock_real_transaction
from transactions.types import Outcome

FINAL = frozenset({Outcome.CANCELLED, Outcome.RETURNED, Outcome.CHALLENGE_FAILED})

_MAY_FOLLOW: dict[Outcome | None, frozenset[Outcome]] = {
    None: frozenset(Outcome),
    Outcome.CHALLENGE_PASSED: frozenset({Outcome.RELEASED, Outcome.CANCELLED, Outcome.RETURNED}),
    Outcome.RELEASED: frozenset({Outcome.RETURNED}),
    **dict.fromkeys(FINAL, frozenset[Outcome]()),
}

# A passed challenge proves who paid, not that the account is to be trusted: contract §7 counts as a known beneficiary
# only what was approved or released. A payment that came back never made its account a known one.
_IS_APPROVED_AFTER = {
    Outcome.RELEASED: True,
    Outcome.CANCELLED: False,
    Outcome.RETURNED: False,
    Outcome.CHALLENGE_FAILED: False,
}


class OutcomeStands(Duplicate):
    message = "The payment has another outcome, which this one cannot follow."


@service
def set_outcome(*, actor: Actor, transaction_id: uuid.UUID, outcome: Outcome, now: datetime) -> bool:
    """Keep the outcome and return whether it is new; the same again changes nothing.

    A passed challenge may still end as released, cancelled or returned, and a released payment may come back; all
    else is final. `released` makes the payment count as approved in history; `cancelled`, `returned` and
    `challenge_failed` make it count as not approved; it stays an attempt all the same.
    Raises NotFound, PaymentWasSimulated, OutcomeStands.
    """
    transaction = lock_real_transaction(actor=actor, transaction_id=transaction_id)
    current = Outcome(transaction.outcome) if transaction.outcome else None
    if current is outcome:
        return False
    if outcome not in _MAY_FOLLOW[current]:
        raise OutcomeStands(details={"reason": "outcome_stands", "outcome": current})
    transaction.outcome, transaction.outcome_at = outcome.value, now
    transaction.save(update_fields=("outcome", "outcome_at"))
    _correct_history(transaction, actor, outcome)
    _record(transaction, actor, before=current, now=now)
    return True


def _correct_history(transaction: Transaction, actor: Actor, outcome: Outcome) -> None:
    if outcome not in _IS_APPROVED_AFTER:
        return
    events = IdentityEvent.objects.for_organization(actor.organization_id, actor.environment)
    events.filter(transaction_id=transaction.id).update(is_approved=_IS_APPROVED_AFTER[outcome])


def _record(transaction: Transaction, actor: Actor, *, before: Outcome | None, now: datetime) -> None:
    record(
        actor=actor,
        kind="transaction.outcome",
        subject_type="transaction",
        subject_id=str(transaction.id),
        payload={"outcome": transaction.outcome, "before": before},
        now=now,
    )
