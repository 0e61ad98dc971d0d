"""The demo's payments: the sample moved to the present, its last days assessed, what came before loaded as history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from accounts.api.admission import make_key_actor
from accounts.types import KeyFacts
from assess.deadline import Deadline
from assess.judging import AssessCommand
from assess.reading.payments import read_payin, read_payout
from assess.reading.warnings import Warnings
from assess.requests import PayinBody, PayoutAssessBody
from assess.services.assess_payment import assess_payment
from assess.types import Language, Payment
from clausum.datasets.generate_sample import SAMPLE
from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.rows import Dataset, Row, Truth
from core.clock import read_monotonic_ms
from core.unit_of_work import service
from transactions.services.load_history import load_history
from transactions.types import Flow, HistoryRow

ASSESSED_DAYS = 8
"""The last payment is up to a day old, and the frauds are in the sample's last week."""
_PATIENCE_MS = 60_000
"""For each assessment here; nobody waits for its answer."""


@dataclass(frozen=True, slots=True)
class DatedPayment:
    """A payment of the sample as the API would have read it, at a time near the present, and the truth about it."""

    at: datetime
    payment: Payment
    warnings: Warnings
    is_fraud: bool


def read_sample(*, row_kind: str, now: datetime) -> list[DatedPayment]:
    """Return the sample's payments of one kind, moved by whole days so that the last of them is under a day old."""
    with Dataset(SAMPLE) as dataset:
        rows = [row for row in dataset if row.kind == row_kind]
    shift = timedelta(days=(now - datetime.fromisoformat(rows[-1].occurred_at)).days)
    return [_read_row(row, shift) for row in rows]


def _read_row(row: Row, shift: timedelta) -> DatedPayment:
    warnings = Warnings(Language.SPANISH)
    flow, body = MAPPINGS["clausum"].make_body(row)
    if flow is Flow.PAYIN:
        payment = read_payin(msgspec.convert(body, PayinBody), warnings)
    else:
        payment = read_payout(msgspec.convert(body, PayoutAssessBody), warnings)
    return DatedPayment(datetime.fromisoformat(row.occurred_at) + shift, payment, warnings, row.truth is Truth.FRAUD)


@service
def load_payments(*, key: KeyFacts, payments: Iterable[DatedPayment], now: datetime) -> None:
    """Load the payments into the key's organization and environment, the latest with a decision each."""
    dated = list(payments)
    oldest_assessed = now - timedelta(days=ASSESSED_DAYS)
    earlier = [payment for payment in dated if payment.at < oldest_assessed]
    load_history(actor=make_key_actor(key), rows=_make_history(earlier), now=now)
    for payment in dated[len(earlier) :]:
        _assess(payment, key, now)


def _make_history(payments: Iterable[DatedPayment]) -> Iterator[HistoryRow]:
    for dated in payments:
        payment = dated.payment
        yield HistoryRow(
            flow=payment.flow,
            occurred_at=dated.at,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            details=msgspec.to_builtins(payment),
            payment_id=payment.payment_id,
            customer_id=payment.customer_id,
        )


def _assess(dated: DatedPayment, key: KeyFacts, now: datetime) -> None:
    started_ms = read_monotonic_ms()
    command = AssessCommand(
        actor=make_key_actor(key),
        organization=key.organization,
        payment=dated.payment,
        warnings=dated.warnings,
        language=dated.warnings.language,
        claim=None,
        echoed_key=None,
        session_id=None,
        submerchant_id=None,
        at=dated.at,
        now=now,
        started_ms=started_ms,
    )
    assess_payment(command, deadline=Deadline(ends_at_ms=started_ms + _PATIENCE_MS, read_ms=read_monotonic_ms))
