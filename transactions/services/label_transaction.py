"""A payment is said to be fraudulent, or not, and the side that was the fraudster's is marked."""

import uuid
from datetime import datetime

from core.actor import Actor
from core.environments import Environment
from core.errors import ValidationFailed
from core.unit_of_work import service
from events.services.record import record
from transactions.identities import Identity, list_fraud_identities, list_payee_identities
from transactions.models import FraudMark, Transaction
from transactions.services.locking import lock_real_transaction
from transactions.types import VICTIM_PAYS, Flow, FraudReason, FraudsterSide

_LABEL_FIELDS = ("is_fraudulent", "fraud_reason", "fraudster_side", "labelled_at")


@service
def label_transaction(
    *,
    actor: Actor,
    transaction_id: uuid.UUID,
    is_fraudulent: bool,
    reason: FraudReason | None,
    fraudster_side: FraudsterSide | None,
    labelled_at: datetime,
    now: datetime,
) -> bool:
    """Label the payment as of `labelled_at` and return whether that changed anything.

    Fraud needs a reason; without a side, `default_side` says it. The payer's identities are marked only when the payer
    was the fraudster and the reason is none in which a victim pays; a payout's account when the beneficiary was. The
    label it has already keeps its first time.
    Raises NotFound, PaymentWasSimulated, and ValidationFailed for a label that contradicts itself.
    """
    _check_label(is_fraudulent=is_fraudulent, reason=reason, side=fraudster_side)
    if labelled_at > now:
        raise ValidationFailed.of_field("labelled_at", "must not be in the future")
    transaction = lock_real_transaction(actor=actor, transaction_id=transaction_id)
    if is_fraudulent and reason is not None:
        side = fraudster_side or default_side(flow=Flow(transaction.flow), reason=reason)
        return _apply(transaction, actor, label=(True, reason.value, side.value), at=labelled_at, now=now)
    return _apply(transaction, actor, label=(False, None, None), at=labelled_at, now=now)


@service
def clear_label(*, actor: Actor, transaction_id: uuid.UUID, now: datetime) -> bool:
    """Take the label and its marks away, as if none had been given; return whether there was one.

    Raises NotFound, PaymentWasSimulated.
    """
    transaction = lock_real_transaction(actor=actor, transaction_id=transaction_id)
    return _apply(transaction, actor, label=(None, None, None), at=None, now=now)


def default_side(*, flow: Flow, reason: FraudReason) -> FraudsterSide:
    """Return whose side the fraudster was on when the report does not say.

    In a payout where a victim pays it is the beneficiary; of other payouts it is unknown, since a reason alone must
    not accuse a bank's customer. A pay-in's beneficiary is the organization itself: there it is the payer, or unknown
    where a victim pays.
    """
    if reason in VICTIM_PAYS:
        return FraudsterSide.BENEFICIARY if flow is Flow.PAYOUT else FraudsterSide.UNKNOWN
    return FraudsterSide.PAYER if flow is Flow.PAYIN else FraudsterSide.UNKNOWN


def _check_label(*, is_fraudulent: bool, reason: FraudReason | None, side: FraudsterSide | None) -> None:
    if is_fraudulent and reason is None:
        raise ValidationFailed.of_field("reason", "is required for a fraudulent payment")
    if not is_fraudulent and reason is not None:
        raise ValidationFailed.of_field("reason", "is only for a fraudulent payment")
    if not is_fraudulent and side is not None:
        raise ValidationFailed.of_field("fraudster_side", "is only for a fraudulent payment")


def _apply(
    transaction: Transaction,
    actor: Actor,
    *,
    label: tuple[bool | None, str | None, str | None],
    at: datetime | None,
    now: datetime,
) -> bool:
    if (transaction.is_fraudulent, transaction.fraud_reason, transaction.fraudster_side) == label:
        return False
    transaction.is_fraudulent, transaction.fraud_reason, transaction.fraudster_side = label
    transaction.labelled_at = at
    transaction.save(update_fields=_LABEL_FIELDS)
    _replace_marks(transaction, actor)
    _record(transaction, actor, now=now)
    return True


def _replace_marks(transaction: Transaction, actor: Actor) -> None:
    marks = FraudMark.objects.for_organization(actor.organization_id, actor.environment)
    marks.filter(transaction_id=transaction.id).delete()
    for identity in _list_fraudsters(transaction):
        FraudMark.objects.create(
            organization_id=actor.organization_id,
            environment=actor.environment,
            transaction_id=transaction.id,
            kind=int(identity.kind),
            identity=identity.digest,
            marked_at=transaction.labelled_at,
        )


def _list_fraudsters(transaction: Transaction) -> tuple[Identity, ...]:
    """Return the identities of the side that the fraudster was on, none when it is unknown or a victim's."""
    environment, flow = Environment(transaction.environment), Flow(transaction.flow)
    if transaction.fraudster_side == FraudsterSide.BENEFICIARY:
        return list_payee_identities(environment=environment, flow=flow, details=transaction.details)
    if transaction.fraudster_side == FraudsterSide.PAYER and transaction.fraud_reason not in VICTIM_PAYS:
        return list_fraud_identities(environment=environment, flow=flow, details=transaction.details)
    return ()


def _record(transaction: Transaction, actor: Actor, *, now: datetime) -> None:
    record(
        actor=actor,
        kind="transaction.labelled",
        subject_type="transaction",
        subject_id=str(transaction.id),
        payload={
            "is_fraudulent": transaction.is_fraudulent,
            "reason": transaction.fraud_reason,
            "fraudster_side": transaction.fraudster_side,
            "labelled_at": transaction.labelled_at.isoformat() if transaction.labelled_at else None,
        },
        now=now,
    )
