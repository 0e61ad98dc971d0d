"""What gather finds in the past, against a naive recount of the same payments."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
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


class Fate(StrEnum):
    """What makes a payment count nowhere."""

    SIMULATED = "simulated"
    ADVISORY = "advisory"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One payment of the past, as a client sent it, and what became of it later."""

    payment: Payment
    at: datetime
    is_of_stranger: bool
    environment: Environment
    decision: Decision
    fate: Fate | Outcome | None
    fraud: tuple[FraudReason, FraudsterSide, datetime] | None


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


# Few parties, so that they meet.

pick = st.sampled_from
AMOUNTS = [0, 1, 2, 15_000, 899_999, 900_000, 4_499_999, 4_500_000, 4_999_999, 5_000_000, 10**15]
CURRENCIES = ["MXN", "MXN", "MXN", "USD", "CLP"]
payers: dict[str, st.SearchStrategy[Any]] = {
    "amount_minor": pick(AMOUNTS),
    "currency": pick(CURRENCIES),
    "customer_id": pick(["cus_1", "cus_2", None]),
    "device": st.builds(Device, ip=pick(["203.0.113.7", None]), fingerprint=pick(["dev_1", "dev_2", None])),
}
payins = st.builds(
    Payment,
    flow=st.just(Flow.PAYIN),
    email=pick(["ana@x.mx", "eva@x.mx", None]),
    payment_method=st.builds(
        PaymentMethod, card_bin=pick(["411111", None]), card_last4=pick(["1234", "9999"]), card_hash=pick(["h_1", None])
    ),
    **payers,
)
payouts = st.builds(
    Payment,
    flow=st.just(Flow.PAYOUT),
    beneficiary=st.builds(
        Beneficiary,
        id=pick(["b_1", "b_2", None]),
        clabe=pick(["012180001234567899", "646180111800000004", None]),
        iban=pick([None, None, "ES9121000418450200051332"]),
        account_hash=pick([None, None, "h_1"]),
        swift_bic=pick([None, "BBVAMXMM"]),
        name=pick(list(FOLDED)),
    ),
    origin=st.builds(Origin, account_id=pick(["acct_1", "acct_2", "cus_1", None])),
    **payers,
)


def _make_payment(known: Payment, party: Beneficiary, name: str | None, amount_minor: int, currency: str) -> Payment:
    """Return a payment of a known payer, when it is a payout to a known account."""
    beneficiary = msgspec.structs.replace(party, name=name) if known.flow is Flow.PAYOUT else None
    return msgspec.structs.replace(known, beneficiary=beneficiary, amount_minor=amount_minor, currency=currency)


@st.composite
def moments_of_judgement(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Return when the question is asked: up to 33 days after the clocks change, often on the hour or at midnight."""
    change = draw(pick(CHANGES[zone.key]))
    at = change + draw(pick([0, 0, 1, 15, 29, 30, 31])) * DAY + timedelta(minutes=draw(st.integers(-180, 2880)))
    return draw(pick(_surround([at, _begin_hour(at, zone), _begin_day(at, zone), change])))


def list_boundaries(zone: ZoneInfo, at: datetime) -> list[datetime]:
    """Return where the windows of history begin and end, hours, days and changes of the clock, and just beside."""
    hour, change = _begin_hour(at, zone), CHANGES[zone.key]
    near = [at, at, at, at - HOUR / 2, at - HOUR, at - DAY, at - DAY, at - 30 * DAY, at + HOUR]
    hours = [hour - hours * HOUR for hours in (0, 1, 2, 24, 25)]
    days = [_begin_day(at - days * DAY, zone) for days in (0, 1, 2, 15, 29, 30, 31)]
    changes = [moment + quarters * HOUR / 4 for moment in change for quarters in range(-5, 6)]
    return _surround([*near, *hours, *days, *changes])


def _surround(moments: list[datetime]) -> list[datetime]:
    return [moment + step for moment in moments for step in (timedelta(), MICROSECOND, -MICROSECOND)]


def _begin_hour(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _begin_day(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def deeds_of(zone: ZoneInfo, at: datetime, known: list[Payment]) -> st.SearchStrategy[Deed]:
    """Make deeds within 40 days, by and to the known, mostly the bank's own in its sandbox."""
    parties = [payment.beneficiary for payment in known if payment.beneficiary]
    times = pick(list_boundaries(zone, at)) | st.integers(0, 40 * 1440).map(lambda back: at - timedelta(minutes=back))
    payments = st.builds(
        _make_payment, pick(known), pick(parties), pick(list(FOLDED)), pick(AMOUNTS), pick(CURRENCIES)
    )
    worlds = [(False, Environment.SANDBOX)] * 8 + [(True, Environment.SANDBOX), (False, Environment.PRODUCTION)]
    sides = pick([FraudsterSide.PAYER, *FraudsterSide])
    frauds = st.none() | st.none() | st.none() | st.tuples(pick(FraudReason), sides, times)
    return st.builds(
        lambda payment, moment, world, decision, fate, fraud: Deed(
            payment=payment,
            at=moment,
            is_of_stranger=world[0],
            environment=world[1],
            decision=decision,
            fate=fate,
            fraud=fraud,
        ),
        payments,
        times,
        pick(worlds),
        pick([Decision.APPROVE, *Decision]),
        pick([None] * 24 + [*Fate, *Outcome]),
        frauds,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(pick(list(CHANGES))))
    at = draw(moments_of_judgement(zone))
    flow = draw(pick([payouts, payins]))
    known = [asked := draw(flow), draw(flow), draw(payouts), draw(payins)]
    return Case(
        zone=zone,
        at=at,
        payment=asked,
        deeds=tuple(draw(st.lists(deeds_of(zone, at, known), min_size=10, max_size=30))),
        snapshots=frozenset(draw(st.sets(st.tuples(pick(Flow), pick(["MXN", "USD"]), st.integers(-1, 4))))),
        most_amounts=draw(pick([3, 200])),
        most_names=draw(pick([1, 20])),
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


def _list_statements(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> list[Statement]:
    """Return what the hot path runs to record the payment."""
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
        is_simulated=deed.fate is Fate.SIMULATED,
        is_advisory=deed.fate is Fate.ADVISORY,
        details=msgspec.to_builtins(payment),
    )
    identities = list_identities(environment=row.environment, flow=row.flow, details=row.details)
    counted = make_history_statement(row=row, identities=identities)
    return [make_transaction_statement(row=row), *([counted] if counted else [])]


def _let_happen(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> None:
    """Do to the payment what became of it later."""
    actor = make_operator(organization, deed.environment)
    if isinstance(deed.fate, Outcome):
        set_outcome(actor=actor, transaction_id=transaction_id, outcome=deed.fate, now=MUCH_LATER)
    if deed.fraud and deed.fate is not Fate.SIMULATED:
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
    if deed.fate is Fate.GIVEN_UP:
        release_transactions(actor=actor, selector=ByIds((transaction_id,)), now=MUCH_LATER)


def _tell_payment(deed: Deed, transaction_id: uuid.UUID, organization: Organization) -> PastPayment | None:
    """Return the payment as it counts: simulated, advisory and released ones never do (contract §7)."""
    if isinstance(deed.fate, Fate):
        return None
    stands = deed.fate in {None, Outcome.CHALLENGE_PASSED}
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
        is_approved=deed.decision is Decision.APPROVE if stands else deed.fate is Outcome.RELEASED,
    )


_OF_VICTIMS = {FraudReason.ACCOUNT_TAKEOVER, FraudReason.AUTHORIZED_PUSH_PAYMENT, FraudReason.MULE_ACCOUNT}


def _tell_fraud(deed: Deed, organization: Organization) -> PastFraud | None:
    """Return the fraud when it is the payer's: never a victim's, never of a payment that never happened."""
    if deed.fraud is None or deed.fate is Fate.SIMULATED:
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
    done = [(deed, _make_id(deed.at, number), world.owner_of(deed)) for number, deed in enumerate(case.deeds)]
    run_statements([statement for each in done for statement in _list_statements(*each)])
    with unit_of_work():
        for each in done:
            _let_happen(*each)
    snapshots = _make_snapshots(case, world)
    for snapshot in snapshots:
        AmountSnapshot.objects.create(**asdict(snapshot))
    return Past(
        payments=tuple(filter(None, (_tell_payment(*each) for each in done))),
        frauds=tuple(filter(None, (_tell_fraud(deed, owner) for deed, _, owner in done))),
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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_gather_finds_exactly_what_a_naive_recount_finds(case: Case, world: World) -> None:
    with undone(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(history, "RECENT_AMOUNTS", case.most_amounts)
        patched.setattr(history, "MAXIMUM_NAMES", case.most_names)
        past = _play(case, world)
        question = _ask(case.payment, organization=world.bank, at=case.at, timezone=case.zone.key)
        assert _gather(question) == recount(question, past)
