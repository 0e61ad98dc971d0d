"""The demo's lists: what its people might have put there before the payments of the last week came."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from accounts.types import Role
from assess.types import Payment
from blocklists.services.add_entry import add_entry
from blocklists.services.errors import DuplicateEntry
from blocklists.types import EntrySource, FlowScope, ListType, NewEntry, Severity
from clausum.demo.authors import make_author
from clausum.demo.cast import Part
from clausum.demo.payments import ASSESSED_DAYS, DatedPayment
from core.actor import Actor
from core.unit_of_work import service

_LISTED_BEFORE = timedelta(days=ASSESSED_DAYS + 40)
_LIFE = timedelta(days=90)
_KNOWN_FRAUDS = 1
_KNOWN_PAYERS = 1


@service
def list_suspects(*, actor: Actor, part: Part, payments: Sequence[DatedPayment], now: datetime) -> None:
    """Put on the lists what some of the week's payments will meet, and what none of them will.

    Every entry is some weeks old; one ended lately and one is about to, so that there is something to review.
    """
    added_at = now - _LISTED_BEFORE
    author = make_author(actor, part, Role.COMPLIANCE_OFFICER)
    for entry in [*_list_met(payments, now), *_list_others(now)]:
        try:
            add_entry(actor=author, entry=entry, now=added_at)
        except DuplicateEntry:
            continue


def _list_met(payments: Sequence[DatedPayment], now: datetime) -> Iterator[NewEntry]:
    week = [dated for dated in payments if dated.at >= now - timedelta(days=ASSESSED_DAYS)]
    frauds = [dated.payment for dated in week if dated.is_fraud][:_KNOWN_FRAUDS]
    for payment in frauds:
        yield from _list_fraud(payment, now + _LIFE)
    for dated in week[:_KNOWN_PAYERS]:
        yield from _list_customer(dated.payment)


def _list_fraud(payment: Payment, end: datetime) -> Iterator[NewEntry]:
    reason = "Cuenta mula: la víctima lo confirmó por teléfono."
    if payment.beneficiary and payment.beneficiary.clabe:
        yield NewEntry(list_type=ListType.CLABE, value=payment.beneficiary.clabe, reason=reason, expires_at=end)
    if not payment.beneficiary and payment.email:
        yield NewEntry(
            list_type=ListType.EMAIL,
            value=payment.email,
            reason="Contracargo confirmado con esta dirección.",
            source=EntrySource.CHARGEBACK,
            expires_at=end,
        )


def _list_customer(payment: Payment) -> Iterator[NewEntry]:
    if payment.customer_id:
        yield NewEntry(
            list_type=ListType.CUSTOMER_ID,
            value=payment.customer_id,
            flow_scope=FlowScope.BOTH,
            severity=Severity.REVIEW,
            reason="Cambió de teléfono y de correo el mismo día; revisar sus pagos este mes.",
        )


def _list_others(now: datetime) -> Iterator[NewEntry]:
    """Yield entries that no payment of the demo meets (RFC 2606, RFC 5737)."""
    yield NewEntry(
        list_type=ListType.EMAIL_DOMAIN,
        value="correo-temporal.example",
        severity=Severity.FLAG,
        reason="Correo desechable.",
    )
    yield NewEntry(
        list_type=ListType.IP_RANGE,
        value="192.0.2.0/24",
        reason="Centro de datos de donde salió el ataque de mayo.",
        expires_at=now + timedelta(days=5),
    )
    yield NewEntry(
        list_type=ListType.IBAN,
        value="GB82 WEST 1234 5698 7654 32",
        severity=Severity.REVIEW,
        reason="Aviso de un banco corresponsal.",
        expires_at=now - timedelta(days=4),
    )
    yield NewEntry(
        list_type=ListType.PHONE, value="+52 55 1234 5678", severity=Severity.FLAG, reason="Llamadas de suplantación."
    )
    yield NewEntry(list_type=ListType.COUNTRY, value="KP", reason="Sanciones.", source=EntrySource.RULE)
