"""Outcomes: which may follow which, and what each does to history."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from accounts.models import Organization
from core.environments import Environment
from core.errors import NotFound
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, make_operator, make_transaction
from transactions.models import IdentityEvent, Transaction
from transactions.services.locking import PaymentWasSimulated
from transactions.services.set_outcome import OutcomeStands, set_outcome
from transactions.types import Decision, Flow, Outcome

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX
LATER = NOW + timedelta(hours=2)
LAWFUL = {
    (Outcome.CHALLENGE_PASSED, Outcome.RELEASED),
    (Outcome.CHALLENGE_PASSED, Outcome.CANCELLED),
    (Outcome.CHALLENGE_PASSED, Outcome.RETURNED),
    (Outcome.RELEASED, Outcome.RETURNED),
}


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _set(transaction: Transaction, outcome: Outcome, *, now: Any = LATER) -> bool:
    with unit_of_work():
        return set_outcome(
            actor=make_operator(transaction.organization), transaction_id=transaction.id, outcome=outcome, now=now
        )


def _reread(transaction: Transaction) -> tuple[Any, Any]:
    row = Transaction.objects.for_organization(transaction.organization_id, SANDBOX).get(pk=transaction.pk)
    return row.outcome, row.outcome_at


def _approvals(transaction: Transaction) -> set[bool]:
    events = IdentityEvent.objects.for_organization(transaction.organization_id, SANDBOX)
    return set(events.filter(transaction_id=transaction.id).values_list("is_approved", flat=True))


@pytest.mark.parametrize(
    ("decision", "outcome", "is_approved"),
    [
        (Decision.REVIEW, Outcome.RELEASED, True),
        (Decision.DECLINE, Outcome.RELEASED, True),
        (Decision.CHALLENGE, Outcome.CHALLENGE_PASSED, False),
        (Decision.CHALLENGE, Outcome.CHALLENGE_FAILED, False),
        (Decision.APPROVE, Outcome.CHALLENGE_PASSED, True),
        (Decision.APPROVE, Outcome.CANCELLED, False),
        (Decision.APPROVE, Outcome.RETURNED, False),
        (Decision.APPROVE, Outcome.CHALLENGE_FAILED, False),
    ],
)
def test_history_counts_as_approved_what_was_approved_or_released_and_stayed(
    organization: Organization, decision: Decision, outcome: Outcome, is_approved: bool
) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYOUT, decision=decision)
    other = make_transaction(organization=organization, flow=Flow.PAYOUT, decision=Decision.REVIEW)
    assert _set(transaction, outcome) is True
    assert _reread(transaction) == (outcome, LATER)
    assert _approvals(transaction) == {is_approved}
    assert _approvals(other) == {False}


def test_a_released_payment_that_comes_back_is_no_longer_approved(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYOUT, decision=Decision.REVIEW)
    _set(transaction, Outcome.RELEASED)
    assert _approvals(transaction) == {True}
    _set(transaction, Outcome.RETURNED)
    assert _approvals(transaction) == {False}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_same_outcome_again_changes_nothing(organization: Organization, outcome: Outcome) -> None:
    transaction = make_transaction(organization=organization)
    assert _set(transaction, outcome) is True
    assert _set(transaction, outcome, now=LATER + timedelta(days=1)) is False
    assert _reread(transaction) == (outcome, LATER)
    assert Event.objects.for_organization(organization.id, SANDBOX).count() == 1


@pytest.mark.parametrize(("first", "second"), [pair for pair in product(Outcome, Outcome) if pair[0] is not pair[1]])
def test_an_outcome_follows_another_only_where_money_could_have_moved(
    organization: Organization, first: Outcome, second: Outcome
) -> None:
    transaction = make_transaction(organization=organization)
    _set(transaction, first)
    if (first, second) in LAWFUL:
        assert _set(transaction, second) is True
        assert _reread(transaction) == (second, LATER)
        return
    with pytest.raises(OutcomeStands) as refusal:
        _set(transaction, second)
    assert (refusal.value.status, refusal.value.code) == (409, "DUPLICATE")
    assert refusal.value.details == {"reason": "outcome_stands", "outcome": first}
    assert _reread(transaction) == (first, LATER)


def test_the_event_says_what_it_was_before(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _set(transaction, Outcome.CHALLENGE_PASSED)
    _set(transaction, Outcome.RELEASED, now=LATER + timedelta(seconds=1))
    events = Event.objects.for_organization(organization.id, SANDBOX).order_by("id")
    assert [(event.kind, event.payload) for event in events] == [
        ("transaction.outcome", {"outcome": "challenge_passed", "before": None}),
        ("transaction.outcome", {"outcome": "released", "before": "challenge_passed"}),
    ]


def test_a_simulated_payment_has_no_outcome(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, is_simulated=True)
    with pytest.raises(PaymentWasSimulated):
        _set(transaction, Outcome.RELEASED)
    assert _reread(transaction) == (None, None)


def test_another_organizations_or_environments_payment_is_not_found(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    actors = (make_operator(make_organization()), make_operator(organization, Environment.PRODUCTION))
    for actor in actors:
        with pytest.raises(NotFound), unit_of_work():
            set_outcome(actor=actor, transaction_id=transaction.id, outcome=Outcome.RELEASED, now=LATER)
    assert _reread(transaction) == (None, None)
