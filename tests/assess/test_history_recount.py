"""What gather finds in the past, against a naive recount of the same payments."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from accounts.types import FailPolicy
from assess.deadline import Deadline
from assess.gathering import Question, gather
from assess.types import (
    Beneficiary,
    Device,
    Facts,
    IdentityHistory,
    Origin,
    PairHistory,
    Payment,
    PaymentMethod,
)
from core.environments import Environment
from core.sql import Statement, run_statement, run_statements
from core.unit_of_work import unit_of_work
from tests.assess.naive_history import Past, PastFraud, PastPayment, PastSnapshot, recount
from tests.factories.accounts import make_organization
from tests.factories.transactions import make_operator
from transactions import history
from transactions.identities import list_identities
from transactions.models import AmountSnapshot
from transactions.recording import make_history_statement, make_transaction_statement
from transactions.services.label_transaction import label_transaction
from transactions.services.release_transactions import release_transactions
from transactions.services.set_outcome import set_outcome
from transactions.types import (
    ByIds,
    Decision,
    Flow,
    FraudReason,
    FraudsterSide,
    IdentityKind,
    NewTransaction,
    Outcome,
)

pytestmark = pytest.mark.django_db

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MUCH_LATER = datetime(2030, 1, 1, tzinfo=UTC)
BANDS = ((4_500_000, 4_999_999), (900_000, 999_999))

# Each zone with a moment at which its clocks change, or with any moment when they never do: at one at night, at
# midnight itself (Santiago: a day that begins at 01:00; Havana: a midnight that comes twice), by half an hour.
CHANGES = {
    "America/Mexico_City": (datetime(2026, 6, 15, 12, tzinfo=UTC),),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Europe/Madrid": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/Santiago": (datetime(2026, 4, 5, 3, tzinfo=UTC), datetime(2026, 9, 6, 4, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 8, 15, 0, tzinfo=UTC),),
    "Africa/Casablanca": (datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)),
}
FOLDED = {
    None: None,
    "Comercializadora Núñez, S.A. de C.V.": "comercializadora nunez",
    "COMERCIALIZADORA NUNEZ": "comercializadora nunez",
    "Ana Ruiz": "ana ruiz",
    "¿?": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One payment of the past, as a client sent it, and what was done to it later."""

    payment: Payment
    at: datetime
    is_of_stranger: bool
    environment: Environment
    decision: Decision
    is_simulated: bool
    is_advisory: bool
    is_released: bool
    outcome: Outcome | None
    fraud: tuple[FraudReason, FraudsterSide, datetime] | None


# Few parties, so that they meet.

maybe = st.sampled_from
devices = st.builds(Device, ip=maybe([None, "203.0.113.7"]), fingerprint=maybe([None, "dev_1", "dev_2"]))
methods = st.builds(
    PaymentMethod,
    card_bin=maybe([None, "411111"]),
    card_last4=maybe(["1234", "9999"]),
    card_hash=maybe([None, "h_1"]),
)
beneficiaries = st.builds(
    Beneficiary,
    id=maybe([None, "b_1", "b_2"]),
    clabe=maybe([None, None, "012180001234567899", "646180111800000004"]),
    iban=maybe([None, None, "ES9121000418450200051332"]),
    account_hash=maybe([None, None, "h_1"]),
    swift_bic=maybe([None, "BBVAMXMM"]),
    name=maybe(list(FOLDED)),
)
money: dict[str, st.SearchStrategy[Any]] = {
    "amount_minor": maybe([0, 1, 2, 15_000, 899_999, 900_000, 4_499_999, 4_500_000, 4_999_999, 5_000_000, 10**15]),
    "currency": maybe(["MXN", "MXN", "MXN", "USD", "CLP"]),
    "customer_id": maybe([None, "cus_1", "cus_1", "cus_2"]),
    "device": devices,
}
payments = st.one_of(
    st.builds(
        Payment, flow=st.just(Flow.PAYIN), email=maybe([None, "ana@x.mx", "eva@x.mx"]), payment_method=methods, **money
    ),
    st.builds(
        Payment,
        flow=st.just(Flow.PAYOUT),
        beneficiary=beneficiaries,
        origin=st.builds(Origin, account_id=maybe([None, "acct_1", "acct_1", "acct_2", "cus_1"])),
        **money,
    ),
)
around = maybe([timedelta(), timedelta(), MICROSECOND, -MICROSECOND])


@st.composite
def moments_of_judgement(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Return when the question is asked: up to 33 days after the clocks change, often on the hour or at midnight."""
    change = draw(maybe(CHANGES[zone.key]))
    at = change + draw(maybe([0, 0, 1, 15, 29, 30, 31])) * DAY + timedelta(minutes=draw(st.integers(-180, 2880)))
    snapped = draw(maybe([at, _begin_hour(at, zone), _begin_day(at, zone), change]))
    return snapped + draw(around)


@st.composite
def moments_of_the_past(draw: st.DrawFn, zone: ZoneInfo, at: datetime) -> datetime:
    """Return when something happened: within 40 days, mostly on a boundary of some window, a little even later."""
    moment = draw(
        st.one_of(
            maybe([at, at - HOUR, at - DAY, at - HOUR / 2, at - 30 * DAY, at + HOUR]),
            st.integers(0, 4).map(lambda hours: _begin_hour(at, zone) - hours * HOUR),
            st.integers(0, 32).map(lambda days: _begin_day(at - days * DAY, zone)),
            maybe(CHANGES[zone.key]).flatmap(
                lambda change: st.integers(-8, 8).map(lambda quarters: change + quarters * HOUR / 4)
            ),
            st.integers(0, 40 * 24 * 60).map(lambda minutes: at - timedelta(minutes=minutes)),
        )
    )
    return moment + draw(around)


def _begin_hour(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _begin_day(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


rarely = maybe([False] * 5 + [True])


@st.composite
def deeds(draw: st.DrawFn, zone: ZoneInfo, at: datetime) -> Deed:
    times = moments_of_the_past(zone, at)
    side = maybe([FraudsterSide.PAYER, FraudsterSide.PAYER, FraudsterSide.UNKNOWN, FraudsterSide.BENEFICIARY])
    return Deed(
        payment=draw(payments),
        at=draw(times),
        is_of_stranger=draw(rarely),
        environment=draw(maybe([Environment.SANDBOX] * 5 + [Environment.PRODUCTION])),
        decision=draw(maybe([Decision.APPROVE, *Decision])),
        is_simulated=draw(rarely),
        is_advisory=draw(rarely),
        is_released=draw(rarely),
        outcome=draw(maybe([None] * 4 + [*Outcome])),
        fraud=draw(st.one_of(st.none(), st.none(), st.none(), st.tuples(maybe(FraudReason), side, times))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and all that was done before, and after, in no order."""

    zone: ZoneInfo
    at: datetime
    payment: Payment
    deeds: tuple[Deed, ...]
    snapshots: frozenset[tuple[Flow, str, int]]
    most_amounts: int
    most_names: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(maybe(list(CHANGES))))
    at = draw(moments_of_judgement(zone))
    return Case(
        zone=zone,
        at=at,
        payment=draw(payments),
        deeds=tuple(draw(st.lists(deeds(zone, at), max_size=30))),
        snapshots=frozenset(draw(st.sets(st.tuples(maybe(Flow), maybe(["MXN", "USD"]), st.integers(-1, 4))))),
        most_amounts=draw(maybe([3, 200])),
        most_names=draw(maybe([1, 20])),
    )


# The same deeds, done through the product and told to the recount.


@dataclass(frozen=True, slots=True)
class World:
    bank: Organization
    stranger: Organization

    def owner_of(self, deed: Deed) -> Organization:
        return self.stranger if deed.is_of_stranger else self.bank


@pytest.fixture
def world(db: None) -> World:
    return World(bank=make_organization(), stranger=make_organization())


@contextmanager
def undone() -> Iterator[None]:
    """Undo what the block does, in the test's transaction; a block of Django's would refuse a unit of work inside."""
    run_statement(Statement("SAVEPOINT example", {}))
    try:
        yield
    finally:
        run_statement(Statement("ROLLBACK TO SAVEPOINT example", {}))


def _make_id(at: datetime, number: int) -> uuid.UUID:
    milliseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62 | number * 7919 % 1009)


def _do(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> None:
    """Record the payment by the statements of the hot path, then let happen to it what happens to payments."""
    payment = deed.payment
    row = NewTransaction(
        id=transaction_id,
        organization_id=organization.id,
        environment=deed.environment,
        flow=payment.flow,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        occurred_at=deed.at,
        decision=deed.decision,
        risk_score=0,
        customer_id=payment.customer_id,
        is_simulated=deed.is_simulated,
        is_advisory=deed.is_advisory,
        details=msgspec.to_builtins(payment),
    )
    identities = list_identities(environment=row.environment, flow=row.flow, details=row.details)
    counted = make_history_statement(row=row, identities=identities)
    run_statements([make_transaction_statement(row=row), *([counted] if counted else [])])
    if not deed.is_simulated:
        _do_later(deed, transaction_id, organization)


def _do_later(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> None:
    actor = make_operator(organization, deed.environment)
    with unit_of_work():
        if deed.outcome:
            set_outcome(actor=actor, transaction_id=transaction_id, outcome=deed.outcome, now=MUCH_LATER)
        if deed.fraud:
            reason, side, labelled_at = deed.fraud
            label_transaction(
                actor=actor,
                transaction_id=transaction_id,
                is_fraudulent=True,
                reason=reason,
                fraudster_side=side,
                labelled_at=labelled_at,
                now=MUCH_LATER,
            )
        if deed.is_released:
            release_transactions(actor=actor, selector=ByIds((transaction_id,)), now=MUCH_LATER)


def _tell_payment(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> PastPayment | None:
    """Return the payment as it counts: simulated, advisory and released ones never do (contract §7)."""
    if deed.is_simulated or deed.is_advisory or deed.is_released:
        return None
    undecided = deed.outcome in {None, Outcome.CHALLENGE_PASSED}
    party = deed.payment.beneficiary
    return PastPayment(
        id=transaction_id,
        organization_id=organization.id,
        environment=deed.environment,
        flow=deed.payment.flow,
        at=deed.at,
        amount_minor=deed.payment.amount_minor,
        currency=deed.payment.currency,
        details=msgspec.to_builtins(deed.payment),
        folded_name=FOLDED[party.name] if party else None,
        is_approved=deed.decision is Decision.APPROVE if undecided else deed.outcome is Outcome.RELEASED,
    )


_OF_VICTIMS = {FraudReason.ACCOUNT_TAKEOVER, FraudReason.AUTHORIZED_PUSH_PAYMENT, FraudReason.MULE_ACCOUNT}


def _tell_fraud(deed: Deed, organization: Organization) -> PastFraud | None:
    """Return the fraud when it is the payer's: never a victim's, never of a payment that never happened."""
    if deed.fraud is None or deed.is_simulated:
        return None
    reason, side, labelled_at = deed.fraud
    if side is not FraudsterSide.PAYER or reason in _OF_VICTIMS:
        return None
    return PastFraud(
        organization_id=organization.id,
        environment=deed.environment,
        flow=deed.payment.flow,
        details=msgspec.to_builtins(deed.payment),
        at=labelled_at,
    )


def _make_snapshots(case: Case, world: World) -> list[PastSnapshot]:
    """Return snapshots of the days that ended so many days before, some of them the stranger's."""
    today = case.at.astimezone(case.zone).date()
    return [
        PastSnapshot(
            organization_id=(world.stranger if days == 3 else world.bank).id,
            environment=Environment.PRODUCTION if days == 2 else Environment.SANDBOX,
            flow=flow,
            currency=currency,
            day=today - (days + 1) * DAY,
            ends_at=datetime.combine(today - days * DAY, datetime.min.time(), case.zone).astimezone(UTC),
            median_minor=1_000 + days,
            mad_minor=100 + days,
            events=50 + days,
        )
        for flow, currency, days in case.snapshots
    ]


def _play(case: Case, world: World) -> Past:
    """Do all deeds, and return them as the recount knows them."""
    counted: list[PastPayment | None] = []
    frauds: list[PastFraud | None] = []
    for number, deed in enumerate(case.deeds):
        owner, transaction_id = world.owner_of(deed), _make_id(deed.at, number)
        _do(deed, transaction_id, owner)
        counted.append(_tell_payment(deed, transaction_id, owner))
        frauds.append(_tell_fraud(deed, owner))
    snapshots = _make_snapshots(case, world)
    for snapshot in snapshots:
        fields = {name: getattr(snapshot, name) for name in PastSnapshot.__dataclass_fields__}
        AmountSnapshot.objects.create(**fields)
    return Past(
        payments=tuple(filter(None, counted)),
        frauds=tuple(filter(None, frauds)),
        snapshots=tuple(snapshots),
        most_amounts=case.most_amounts,
        most_names=case.most_names,
    )


def _ask(payment: Payment, *, organization: Organization, at: datetime, timezone: str) -> Question:
    return Question(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        timezone=timezone,
        fail_policy=FailPolicy.OPEN,
        payment=payment,
        details=msgspec.to_builtins(payment),
        at=at,
        is_advisory=False,
        bands=BANDS if payment.flow is Flow.PAYOUT else (),
    )


def _gather(question: Question) -> Facts:
    return gather(question, deadline=Deadline(ends_at_ms=600_000, read_ms=lambda: 0.0))[0]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_gather_finds_exactly_what_a_naive_recount_finds(case: Case, world: World) -> None:
    with undone(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(history, "RECENT_AMOUNTS", case.most_amounts)
        patched.setattr(history, "MAXIMUM_NAMES", case.most_names)
        past = _play(case, world)
        question = _ask(case.payment, organization=world.bank, at=case.at, timezone=case.zone.key)
        assert _gather(question) == recount(question, past)
