"""Every fact of history counted again in plain Python, one payment at a time, from the contract's words alone.

Nothing here is shared with the SQL or with the digests: parties are compared by their values, days by their dates.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from assess.gathering import Question
from assess.types import AmountStatistics, Facts, PairHistory
from core.environments import Environment
from transactions.types import Flow, IdentityHistory, IdentityKind

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
MONTH_DAYS = 30

type Parties = Mapping[IdentityKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPayment:
    """A payment that counts: its normalised details, and the beneficiary's name as it is folded."""

    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    flow: Flow
    at: datetime
    amount_minor: int
    currency: str
    details: Mapping[str, Any]
    folded_name: str | None
    is_approved: bool

    @property
    def parties(self) -> Parties:
        return name_parties(self.flow, self.details)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFraud:
    """A payment whose payer was the fraudster, or the one it paid, known since `at`."""

    organization_id: uuid.UUID
    environment: Environment
    flow: Flow
    details: Mapping[str, Any]
    at: datetime
    is_payees: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSnapshot:
    """An organization's amounts as they stood when a day had ended."""

    organization_id: uuid.UUID
    environment: Environment
    flow: Flow
    currency: str
    day: date
    ends_at: datetime
    median_minor: int
    mad_minor: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that ever happened, to everybody; how many amounts and names are looked at."""

    payments: tuple[PastPayment, ...] = ()
    frauds: tuple[PastFraud, ...] = ()
    snapshots: tuple[PastSnapshot, ...] = ()
    most_amounts: int = 200
    most_names: int = 20


def recount(question: Question, past: Past) -> Facts:
    """Return the facts that gather must find; those of the lists apart."""
    seen = [payment for payment in past.payments if _is_in_world(payment, question) and payment.at <= question.at]
    parties = name_parties(question.payment.flow, question.details)
    histories = (_recount_identity(kind, value, seen, question) for kind, value in sorted(parties.items()))
    return Facts(
        payment=question.payment,
        at=question.at,
        local_hour=question.at.astimezone(ZoneInfo(question.timezone)).hour,
        fail_policy=question.fail_policy,
        is_advisory=question.is_advisory,
        near_limit_bands=question.bands,
        histories=tuple(histories),
        recent_amounts=_recount_amounts(parties, seen, question, past.most_amounts),
        organization_amounts=_find_snapshot(question, past.snapshots),
        pair=_recount_pair(parties, seen, question),
        earlier_names=_recount_names(parties, seen, question, past.most_names),
        prior_fraud=_recount_frauds(question, past.frauds),
        feed_hits=(),  # of these payments no list has anything
    )


def _is_in_world(fact: PastPayment | PastFraud | PastSnapshot, question: Question) -> bool:
    return fact.organization_id == question.organization_id and fact.environment == question.environment


# Who is who (contract §3, §7).


def name_parties(flow: Flow, details: Mapping[str, Any]) -> Parties:
    """Return who recurs in a payment, by kind."""
    if flow is Flow.PAYOUT:
        named = {IdentityKind.BENEFICIARY: _name_account(details), IdentityKind.ORIGIN: _name_origin(details)}
    else:
        device = details.get("device", {})
        named = {
            IdentityKind.EMAIL: details.get("email"),
            IdentityKind.IP: device.get("ip"),
            IdentityKind.DEVICE: device.get("fingerprint"),
            IdentityKind.CUSTOMER: details.get("customer_id"),
            IdentityKind.CARD: _name_card(details),
        }
    return {kind: value for kind, value in named.items() if value}


def _name_payers(flow: Flow, details: Mapping[str, Any]) -> Parties:
    named = {
        IdentityKind.CUSTOMER: details.get("customer_id"),
        IdentityKind.DEVICE: details.get("device", {}).get("fingerprint"),
    }
    if flow is Flow.PAYOUT:
        named[IdentityKind.ORIGIN] = _name_origin(details)
    else:
        named[IdentityKind.EMAIL] = details.get("email")
        named[IdentityKind.CARD] = _name_card(details)
        named[IdentityKind.CARD_HASH] = details.get("payment_method", {}).get("card_hash")
    return {kind: value for kind, value in named.items() if value}


def _name_card(details: Mapping[str, Any]) -> str | None:
    method = details.get("payment_method", {})
    has_both = "card_bin" in method and "card_last4" in method
    return f"{method['card_bin']} … {method['card_last4']}" if has_both else None


def _name_account(details: Mapping[str, Any]) -> str | None:
    party = details.get("beneficiary", {})
    for part in ("clabe", "iban", "account_hash"):
        if part in party:
            return f"{part} {party[part]}"
    if "swift_bic" in party and "id" in party:
        return f"{party['id']} at {party['swift_bic']}"
    return f"id {party['id']}" if "id" in party else None


def _name_origin(details: Mapping[str, Any]) -> str | None:
    account, customer = details.get("origin", {}).get("account_id"), details.get("customer_id")
    return f"account {account}" if account else f"customer {customer}" if customer else None


# What one of them did (assess.types.IdentityHistory).


def _recount_identity(
    kind: IdentityKind, value: str, seen: Iterable[PastPayment], question: Question
) -> IdentityHistory:
    at, currency = question.at, question.payment.currency
    mine = _list_of(kind, value, seen, question)
    last_day = _within(DAY, mine, at)
    month = _Month(mine, at=at, zone=ZoneInfo(question.timezone))
    met = {other for payment in last_day if (other := _other_side(kind, payment))}
    met_before = {_other_side(kind, payment) for payment in mine if payment.at <= at - DAY}
    return IdentityHistory(
        kind=kind,
        events_1h=len(_within(HOUR, mine, at)),
        sum_24h_minor=sum(payment.amount_minor for payment in last_day if payment.currency == currency),
        hourly_peak=month.hourly_peak(),
        daily_peak_minor=month.daily_peak(currency),
        closed_day_events=month.closed_day_events(currency),
        events_30d=len(month.payments),
        hour_events=month.same_hour_events(),
        counterparties_24h=len(met),
        new_counterparties_24h=len(met - met_before) if kind is IdentityKind.ORIGIN else 0,
        near_limit_24h=tuple(
            len([1 for payment in last_day if payment.currency == currency and low <= payment.amount_minor <= high])
            for low, high in question.bands
        ),
    )


def _list_of(kind: IdentityKind, value: str, seen: Iterable[PastPayment], question: Question) -> list[PastPayment]:
    flow = question.payment.flow
    return [payment for payment in seen if payment.flow is flow and payment.parties.get(kind) == value]


def _within(length: timedelta, payments: Iterable[PastPayment], at: datetime) -> list[PastPayment]:
    return [payment for payment in payments if at - payment.at < length]


def _other_side(kind: IdentityKind, payment: PastPayment) -> str | None:
    sides = {IdentityKind.ORIGIN: IdentityKind.BENEFICIARY, IdentityKind.BENEFICIARY: IdentityKind.ORIGIN}
    return payment.parties.get(sides[kind]) if kind in sides else None


class _Month:
    """The payments since the local midnight that began the day 30 days before today."""

    def __init__(self, payments: Iterable[PastPayment], *, at: datetime, zone: ZoneInfo) -> None:
        self.at = at
        self.zone = zone
        self.now = at.astimezone(zone)
        first_day = self.now.date() - timedelta(days=MONTH_DAYS)
        self.payments = [payment for payment in payments if self._local(payment).date() >= first_day]

    def _local(self, payment: PastPayment) -> datetime:
        return payment.at.astimezone(self.zone)

    def hourly_peak(self) -> int:
        """Return the most payments in one hour of the wall clock that was over an hour ago.

        When the clocks go back, the hour that they show twice is two hours.
        """
        hours = Counter(_end_of_hour(self._local(payment)) for payment in self.payments)
        return max((events for end, events in hours.items() if end <= self.at - HOUR), default=0)

    def daily_peak(self, currency: str) -> int:
        days: Counter[date] = Counter()
        for payment in self._on_closed_days(currency):
            days[self._local(payment).date()] += payment.amount_minor
        return max(days.values(), default=0)

    def closed_day_events(self, currency: str) -> int:
        return len(self._on_closed_days(currency))

    def same_hour_events(self) -> int:
        return len([1 for payment in self.payments if self._local(payment).hour == self.now.hour])

    def _on_closed_days(self, currency: str) -> list[PastPayment]:
        today = self.now.date()
        mine = [payment for payment in self.payments if payment.currency == currency]
        return [payment for payment in mine if self._local(payment).date() < today]


def _end_of_hour(local: datetime) -> datetime:
    """Return when that hour of the clock is over, as far as its offset from UTC says."""
    offset = local.utcoffset() or timedelta()
    return (local.replace(minute=0, second=0, microsecond=0, tzinfo=UTC) - offset) + HOUR


# Its amounts, its pair, its names, its frauds.


def _recount_amounts(
    parties: Parties, seen: Iterable[PastPayment], question: Question, most: int
) -> AmountStatistics | None:
    kinds = (IdentityKind.CUSTOMER, IdentityKind.EMAIL, IdentityKind.CARD, IdentityKind.DEVICE, IdentityKind.ORIGIN)
    kind = next((kind for kind in kinds if kind in parties), None)
    if kind is None:
        return None
    mine = _list_of(kind, parties[kind], seen, question)
    same = [payment for payment in mine if payment.currency == question.payment.currency]
    latest = sorted(same, key=lambda payment: (payment.at, payment.id), reverse=True)[:most]
    return _summarize([payment.amount_minor for payment in latest]) if latest else None


def _summarize(amounts: list[int]) -> AmountStatistics:
    middle = median(map(Fraction, amounts))
    spread = median(abs(amount - middle) for amount in amounts)
    doubled = (2 * middle, 2 * spread)
    assert all(number.denominator == 1 for number in doubled)  # neither ever needs a quarter
    return AmountStatistics(events=len(amounts), median_doubled=int(doubled[0]), mad_doubled=int(doubled[1]))


def _find_snapshot(question: Question, snapshots: Iterable[PastSnapshot]) -> AmountStatistics | None:
    payment = question.payment
    ended = [
        snapshot
        for snapshot in snapshots
        if _is_in_world(snapshot, question)
        and (snapshot.flow, snapshot.currency) == (payment.flow, payment.currency)
        and snapshot.ends_at <= question.at
    ]
    if not ended:
        return None
    last = max(ended, key=lambda snapshot: snapshot.day)
    return AmountStatistics(events=last.events, median_doubled=2 * last.median_minor, mad_doubled=2 * last.mad_minor)


def _recount_pair(parties: Parties, seen: Iterable[PastPayment], question: Question) -> PairHistory | None:
    if not {IdentityKind.ORIGIN, IdentityKind.BENEFICIARY} <= parties.keys():
        return None
    between = [payment for payment in seen if payment.flow is Flow.PAYOUT and payment.parties == parties]
    return PairHistory(
        is_known=any(payment.is_approved for payment in between),
        is_seen_24h=any(question.at - payment.at < DAY for payment in between),
        is_seen_earlier=any(question.at - payment.at >= DAY for payment in between),
    )


def _recount_names(parties: Parties, seen: Iterable[PastPayment], question: Question, most: int) -> tuple[str, ...]:
    party = question.payment.beneficiary
    if IdentityKind.BENEFICIARY not in parties or party is None or not party.name:
        return ()
    paid = _list_of(IdentityKind.BENEFICIARY, parties[IdentityKind.BENEFICIARY], seen, question)
    return tuple(sorted({payment.folded_name for payment in paid if payment.folded_name})[:most])


def _recount_frauds(question: Question, frauds: Iterable[PastFraud]) -> tuple[IdentityKind, ...]:
    flow, details = question.payment.flow, question.details
    known = {
        pair
        for fraud in frauds
        if _is_in_world(fraud, question) and fraud.at <= question.at
        for pair in _name_fraudsters(fraud).items()
    }
    parties = {**_name_payers(flow, details), **_name_payee(flow, details)}
    return tuple(sorted(kind for kind, value in parties.items() if (kind, value) in known))


def _name_fraudsters(fraud: PastFraud) -> Parties:
    return (_name_payee if fraud.is_payees else _name_payers)(fraud.flow, fraud.details)


def _name_payee(flow: Flow, details: Mapping[str, Any]) -> Parties:
    account = _name_account(details) if flow is Flow.PAYOUT else None
    return {IdentityKind.BENEFICIARY: account} if account else {}
