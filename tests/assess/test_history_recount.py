"""What gather finds in the past, against a naive recount of the same payments."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from accounts.models import Organization
from accounts.types import FailPolicy
from assess.deadline import Deadline
from assess.gathering import Question, gather
from assess.opening import Opening
from assess.types import (
    AmountStatistics,
    Beneficiary,
    Facts,
    Origin,
    Payment,
)
from core.environments import Environment
from core.sql import Statement, run_statement, run_statements
from core.unit_of_work import unit_of_work
from tests.assess.history_cases import (
    CHANGES,
    DAY,
    FOLDED,
    HOUR,
    MICROSECOND,
    Case,
    Deed,
    Fate,
    cases,
    list_edges,
    list_turns,
)
from tests.assess.naive_history import Past, PastFraud, PastPayment, PastSnapshot, recount
from tests.factories.accounts import make_organization
from tests.factories.transactions import make_operator
from transactions import history
from transactions.identities import list_identities
from transactions.models import ActivitySummary, AmountSnapshot
from transactions.recording import make_history_statement, make_transaction_statement, make_wish_statement
from transactions.services import sum_up_activity as sum_up
from transactions.services.label_transaction import label_transaction
from transactions.services.release_transactions import release_transactions
from transactions.services.set_outcome import set_outcome
from transactions.services.sum_up_activity import sum_up_activity
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

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MUCH_LATER = datetime(2030, 1, 1, tzinfo=UTC)
BANDS = ((4_500_000, 4_999_999), (900_000, 999_999))


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
    """Return the fraud when it is known whose: never a paying victim's, never of a payment that never happened."""
    if deed.fraud is None or deed.fate is Fate.SIMULATED:
        return None
    reason, side, labelled_at = deed.fraud
    is_payees = side is FraudsterSide.BENEFICIARY
    if not is_payees and (side is not FraudsterSide.PAYER or reason in _OF_VICTIMS):
        return None
    return PastFraud(
        organization_id=organization.id,
        environment=deed.environment,
        flow=deed.payment.flow,
        details=msgspec.to_builtins(deed.payment),
        at=labelled_at,
        is_payees=is_payees,
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
    for number, each in enumerate(done):
        if number in case.summaries:
            _sum_up(case, world, until=case.summaries[number])
        run_statements(_list_statements(*each))
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


def _sum_up(case: Case, world: World, *, until: datetime) -> None:
    """Sum up what the parties of the question have done so far, up to a moment, as the worker does."""
    question = _ask(case.payment, organization=world.bank, at=case.at, timezone=case.zone.key)
    identities = list_identities(
        environment=question.environment, flow=case.payment.flow, details=msgspec.to_builtins(case.payment)
    )
    wish = make_wish_statement(
        organization_id=world.bank.id,
        environment=question.environment,
        identities=identities,
        currency=case.payment.currency,
        timezone=question.timezone,
        bands=question.bands,
        at=case.at,
        now=case.at,
    )
    run_statement(wish)
    summaries = ActivitySummary.objects.for_organization(world.bank.id, question.environment)
    summaries.update(closing_until=until)
    with unit_of_work():
        for summary in summaries:
            assert sum_up_activity(summary_id=summary.id, now=case.at)


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
    deadline = Deadline(ends_at_ms=600_000, read_ms=lambda: 0.0)
    opening = Opening(entry=None, claim=None, deadline=deadline)
    return gather(question, opening=opening, deadline=deadline).facts


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases())
def test_gather_finds_exactly_what_a_naive_recount_finds(case: Case, world: World) -> None:
    with undone(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(history, "RECENT_AMOUNTS", case.most_amounts)
        patched.setattr(history, "MAXIMUM_NAMES", case.most_names)
        patched.setattr(history, "MAXIMUM_EVENTS", case.most_events)
        patched.setattr(history, "MAXIMUM_SINCE", case.most_events)
        patched.setattr(sum_up, "KEPT_FROM", 0)
        past = _play(case, world)
        question = _ask(case.payment, organization=world.bank, at=case.at, timezone=case.zone.key)
        assert _gather(question) == recount(question, past)


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in CHANGES], ids=str)
def test_one_payment_at_any_boundary_is_on_the_side_that_the_recount_says(zone: ZoneInfo, world: World) -> None:
    asked = _make_payout()
    for at in (CHANGES[zone.key][0] + 12 * HOUR, CHANGES[zone.key][-1] + HOUR / 2):
        question = _ask(asked, organization=world.bank, at=at, timezone=zone.key)
        for moment in sorted({*list_edges(at), *list_turns(zone, at)}):
            deed = _make_deed(asked, at=moment)
            with undone():
                run_statements(_list_statements(deed, uuid.UUID(int=1), world.bank))
                past = Past(payments=(_expect_counted(deed, world.bank),))
                assert (moment, _gather(question)) == (moment, recount(question, past))


def test_the_peak_hour_is_no_two_hours_that_the_clocks_show_alike(world: World) -> None:
    changed = CHANGES["America/New_York"][1]
    payout = _make_payout()
    _record(world.bank, payout, changed - HOUR / 2, changed - HOUR / 4, changed + HOUR / 2)
    question = _ask(payout, organization=world.bank, at=changed + 12 * HOUR, timezone="America/New_York")
    origin = _gather(question).history(IdentityKind.ORIGIN)
    assert origin is not None
    assert (origin.hourly_peak, origin.events_30d) == (2, 3)


@pytest.mark.parametrize(("first", "new"), [(NOW - DAY, 0), (NOW - DAY + MICROSECOND, 1)])
def test_an_account_that_was_paid_a_day_ago_to_the_microsecond_is_not_new(
    world: World, first: datetime, new: int
) -> None:
    payout = _make_payout()
    _record(world.bank, payout, NOW - HOUR, first)
    origin = _gather(_ask(payout, organization=world.bank, at=NOW, timezone="UTC")).history(IdentityKind.ORIGIN)
    assert origin is not None
    assert (origin.new_counterparties_24h, origin.counterparties_24h) == (new, 1)


@pytest.mark.parametrize(("known_at", "is_known"), [(NOW, True), (NOW + MICROSECOND, False)])
def test_what_becomes_known_at_that_very_moment_counts(world: World, known_at: datetime, is_known: bool) -> None:
    payout, transaction_id = _make_payout(), uuid.UUID(int=1)
    _record(world.bank, payout, NOW - DAY, transaction_id=transaction_id)
    fraud = (FraudReason.CHARGEBACK, FraudsterSide.PAYER, known_at)
    with unit_of_work():
        _let_happen(replace(_make_deed(payout, at=NOW - DAY), fraud=fraud), transaction_id, world.bank)
    snapshot = {"flow": Flow.PAYOUT, "currency": "MXN", "day": NOW.date(), "ends_at": known_at}
    AmountSnapshot.objects.create(
        organization_id=world.bank.id,
        environment=Environment.SANDBOX,
        median_minor=1,
        mad_minor=1,
        events=50,
        **snapshot,
    )
    facts = _gather(_ask(payout, organization=world.bank, at=NOW, timezone="UTC"))
    assert facts.prior_fraud == ((IdentityKind.ORIGIN,) if is_known else ())
    assert (facts.organization_amounts is not None) is is_known


def test_an_account_gives_its_first_twenty_names_however_often_it_was_paid(world: World) -> None:
    payout = _make_payout()
    for number in range(25):
        _record(world.bank, _make_payout(f"Proveedor {number:02d} SA de CV"), NOW - DAY, NOW - HOUR)
    _record(world.bank, _make_payout("AAA"), NOW + MICROSECOND)
    _record(world.stranger, _make_payout("AAA"), NOW - DAY)
    question = _ask(payout, organization=world.bank, at=NOW, timezone="UTC")
    assert _gather(question).earlier_names == tuple(f"proveedor {number:02d}" for number in range(20))


def test_amounts_of_the_same_moment_are_the_latest_by_their_id(world: World) -> None:
    payout = _make_payout()
    for number in reversed(range(201)):
        same = msgspec.structs.replace(payout, amount_minor=number)
        _record(world.bank, same, NOW, transaction_id=uuid.UUID(int=number))
    latest = _gather(_ask(payout, organization=world.bank, at=NOW, timezone="UTC")).recent_amounts
    assert latest == AmountStatistics(events=200, median_doubled=201, mad_doubled=100)


def _make_payout(name: str = "Ana Ruiz") -> Payment:
    return Payment(
        flow=Flow.PAYOUT,
        amount_minor=15_000,
        currency="MXN",
        beneficiary=Beneficiary(clabe="012180001234567899", name=name),
        origin=Origin(account_id="acct_1"),
    )


def _make_deed(payment: Payment, *, at: datetime) -> Deed:
    """Return an approved payment of the bank."""
    return Deed(
        payment=payment,
        at=at,
        is_of_stranger=False,
        environment=Environment.SANDBOX,
        decision=Decision.APPROVE,
        fate=None,
        fraud=None,
    )


def _expect_counted(deed: Deed, organization: Organization) -> PastPayment:
    told = _tell_payment(deed, uuid.UUID(int=1), organization)
    assert told is not None
    return told


def _record(
    organization: Organization, payment: Payment, *times: datetime, transaction_id: uuid.UUID | None = None
) -> None:
    """Record the payment at these times, approved."""
    for at in times:
        deed = _make_deed(payment, at=at)
        run_statements(_list_statements(deed, transaction_id or uuid.uuid4(), organization))
