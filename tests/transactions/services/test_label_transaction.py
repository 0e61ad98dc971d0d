"""Labels: what is marked, what is not, and what a second label does."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organization
from core.environments import Environment
from core.errors import NotFound, ValidationFailed
from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import Event
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, PAYIN_DETAILS, PAYOUT_DETAILS, make_operator, make_transaction
from transactions.identities import list_fraud_identities, list_payee_identities
from transactions.models import FraudMark, Transaction
from transactions.services.label_transaction import clear_label, default_side, label_transaction
from transactions.services.locking import PaymentWasSimulated
from transactions.types import VICTIM_PAYS, Flow, FraudReason, FraudsterSide

pytestmark = pytest.mark.django_db

SANDBOX = Environment.SANDBOX
LATER = NOW + timedelta(days=3)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _label(transaction: Transaction, *, environment: Environment = SANDBOX, **fields: Any) -> bool:
    given: dict[str, Any] = {
        "is_fraudulent": True,
        "reason": FraudReason.CHARGEBACK,
        "fraudster_side": None,
        "labelled_at": LATER,
        "now": LATER,
    }
    actor = make_operator(transaction.organization, environment)
    with unit_of_work():
        return label_transaction(actor=actor, transaction_id=transaction.id, **(given | fields))


def _legitimate(transaction: Transaction, **fields: Any) -> bool:
    return _label(transaction, is_fraudulent=False, reason=None, **fields)


def _marks(organization: Organization) -> set[tuple[int, uuid.UUID]]:
    return set(FraudMark.objects.for_organization(organization.id, SANDBOX).values_list("kind", "identity"))


def _events(organization: Organization) -> list[dict[str, Any]]:
    return list(
        Event.objects.for_organization(organization.id, SANDBOX).order_by("id").values_list("payload", flat=True)
    )


def _reread(transaction: Transaction) -> tuple[Any, ...]:
    row = Transaction.objects.for_organization(transaction.organization_id, SANDBOX).get(pk=transaction.pk)
    return row.is_fraudulent, row.fraud_reason, row.fraudster_side, row.labelled_at


def test_a_fraudulent_payer_is_marked_by_all_it_is_known_by(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    assert _label(transaction) is True
    assert _reread(transaction) == (True, "chargeback", "payer", LATER)
    expected = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYIN, details=PAYIN_DETAILS)
    assert _marks(organization) == {(int(identity.kind), identity.digest) for identity in expected}
    assert _events(organization) == [
        {
            "is_fraudulent": True,
            "reason": "chargeback",
            "fraudster_side": "payer",
            "labelled_at": "2026-11-25T18:00:00+00:00",
        }
    ]


def test_marks_are_known_since_the_label_was_learned_not_since_it_was_typed_in(organization: Organization) -> None:
    learned = NOW + timedelta(days=1)
    _label(make_transaction(organization=organization), labelled_at=learned, now=LATER)
    marks = FraudMark.objects.for_organization(organization.id, SANDBOX)
    assert set(marks.values_list("marked_at", flat=True)) == {learned}


@pytest.mark.parametrize("reason", sorted(VICTIM_PAYS))
@pytest.mark.parametrize("side", [None, *FraudsterSide])
@pytest.mark.parametrize("flow", list(Flow))
def test_a_victim_is_never_marked(
    organization: Organization, reason: FraudReason, side: FraudsterSide | None, flow: Flow
) -> None:
    transaction = make_transaction(organization=organization, flow=flow)
    assert _label(transaction, reason=reason, fraudster_side=side) is True
    victims = list_fraud_identities(environment=SANDBOX, flow=flow, details=transaction.details)
    assert _marks(organization) & {(int(identity.kind), identity.digest) for identity in victims} == set()


@pytest.mark.parametrize("reason", list(FraudReason))
def test_the_account_is_marked_when_the_beneficiary_was_the_fraudster(
    organization: Organization, reason: FraudReason
) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYOUT)
    _label(transaction, reason=reason, fraudster_side=FraudsterSide.BENEFICIARY)
    [account] = list_payee_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    assert _marks(organization) == {(int(account.kind), account.digest)}
    _legitimate(transaction)
    assert _marks(organization) == set()


def test_a_pay_in_has_no_account_to_mark(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYIN)
    _label(transaction, reason=FraudReason.OTHER, fraudster_side=FraudsterSide.BENEFICIARY)
    assert _marks(organization) == set()


@pytest.mark.parametrize("reason", [reason for reason in FraudReason if reason not in VICTIM_PAYS])
def test_a_payout_marks_its_payer_only_when_told_so(organization: Organization, reason: FraudReason) -> None:
    transaction = make_transaction(organization=organization, flow=Flow.PAYOUT)
    _label(transaction, reason=reason)
    assert _reread(transaction) == (True, reason, "unknown", LATER)
    assert _marks(organization) == set()
    _label(transaction, reason=reason, fraudster_side=FraudsterSide.PAYER)
    expected = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    assert _marks(organization) == {(int(identity.kind), identity.digest) for identity in expected}


@pytest.mark.parametrize(
    ("flow", "reason", "side"),
    [
        (Flow.PAYIN, FraudReason.CHARGEBACK, FraudsterSide.PAYER),
        (Flow.PAYIN, FraudReason.FRIENDLY_FRAUD, FraudsterSide.PAYER),
        (Flow.PAYIN, FraudReason.CARD_TESTING, FraudsterSide.PAYER),
        (Flow.PAYIN, FraudReason.IDENTITY_THEFT, FraudsterSide.PAYER),
        (Flow.PAYIN, FraudReason.OTHER, FraudsterSide.PAYER),
        (Flow.PAYIN, FraudReason.ACCOUNT_TAKEOVER, FraudsterSide.UNKNOWN),
        (Flow.PAYOUT, FraudReason.ACCOUNT_TAKEOVER, FraudsterSide.BENEFICIARY),
        (Flow.PAYOUT, FraudReason.AUTHORIZED_PUSH_PAYMENT, FraudsterSide.BENEFICIARY),
        (Flow.PAYOUT, FraudReason.MULE_ACCOUNT, FraudsterSide.BENEFICIARY),
        (Flow.PAYOUT, FraudReason.IDENTITY_THEFT, FraudsterSide.UNKNOWN),
        (Flow.PAYOUT, FraudReason.OTHER, FraudsterSide.UNKNOWN),
    ],
)
def test_the_side_that_is_not_told_follows_from_flow_and_reason(
    flow: Flow, reason: FraudReason, side: FraudsterSide
) -> None:
    assert default_side(flow=flow, reason=reason) is side


def test_the_same_label_again_changes_nothing_and_keeps_its_first_time(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _label(transaction)
    much_later = LATER + timedelta(days=1)
    assert _label(transaction, labelled_at=much_later, now=much_later) is False
    assert _reread(transaction) == (True, "chargeback", "payer", LATER)
    assert len(_events(organization)) == 1


def test_another_reason_replaces_the_label_and_its_marks(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _label(transaction)
    assert _label(transaction, reason=FraudReason.ACCOUNT_TAKEOVER) is True
    assert _reread(transaction) == (True, "account_takeover", "unknown", LATER)
    assert _marks(organization) == set()
    assert len(_events(organization)) == 2


def test_a_legitimate_payment_loses_its_marks_and_only_its_own(organization: Organization) -> None:
    transaction, other = make_transaction(organization=organization), make_transaction(organization=organization)
    _label(transaction)
    _label(other)
    assert _legitimate(transaction) is True
    assert _reread(transaction) == (False, None, None, LATER)
    marks = FraudMark.objects.for_organization(organization.id, SANDBOX)
    assert set(marks.values_list("transaction_id", flat=True)) == {other.id}


def test_a_cleared_label_is_as_if_it_had_never_been_given(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    _label(transaction)
    actor = make_operator(organization)
    with unit_of_work():
        assert clear_label(actor=actor, transaction_id=transaction.id, now=LATER) is True
    with unit_of_work():
        assert clear_label(actor=actor, transaction_id=transaction.id, now=LATER) is False
    assert _reread(transaction) == (None, None, None, None)
    assert _marks(organization) == set()
    assert len(_events(organization)) == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": None}, "reason"),
        ({"is_fraudulent": False}, "reason"),
        ({"is_fraudulent": False, "reason": None, "fraudster_side": FraudsterSide.PAYER}, "fraudster_side"),
        ({"labelled_at": LATER + timedelta(seconds=1)}, "labelled_at"),
    ],
)
def test_a_label_that_contradicts_itself_is_refused(
    organization: Organization, fields: dict[str, Any], field: str
) -> None:
    transaction = make_transaction(organization=organization)
    with pytest.raises(ValidationFailed) as refusal:
        _label(transaction, **fields)
    assert list(refusal.value.details["fields"]) == [field]  # type: ignore[call-overload]
    assert _reread(transaction) == (None, None, None, None)
    assert _events(organization) == []


def test_a_simulated_payment_takes_no_label(organization: Organization) -> None:
    transaction = make_transaction(organization=organization, is_simulated=True)
    with pytest.raises(PaymentWasSimulated):
        _label(transaction)
    assert _reread(transaction) == (None, None, None, None)
    assert _marks(organization) == set()


def test_another_organizations_or_environments_payment_is_not_found(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    stranger = make_operator(make_organization())
    elsewhere = make_operator(organization, Environment.PRODUCTION)
    for actor in (stranger, elsewhere):
        with pytest.raises(NotFound), unit_of_work():
            label_transaction(
                actor=actor,
                transaction_id=transaction.id,
                is_fraudulent=False,
                reason=None,
                fraudster_side=None,
                labelled_at=LATER,
                now=LATER,
            )
    assert _reread(transaction) == (None, None, None, None)


def test_outside_a_unit_of_work_nothing_is_labelled(organization: Organization) -> None:
    transaction = make_transaction(organization=organization)
    with pytest.raises(UnitOfWorkMisused):
        clear_label(actor=make_operator(organization), transaction_id=transaction.id, now=LATER)
