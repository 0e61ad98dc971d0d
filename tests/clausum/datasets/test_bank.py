import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Organization
from clausum.datasets.bank import Bank, NotOurPayment
from tests.factories.accounts import make_organization
from tests.factories.transactions import make_transaction
from transactions.models import AmountSnapshot, FraudMark, Transaction
from transactions.types import Flow, IdentityKind

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN_AT = datetime(2025, 1, 9, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    return make_organization(timezone="America/Mexico_City")


def make_payment(organization: Organization, **fields: Any) -> Transaction:
    return make_transaction(organization=organization, **fields)


def test_a_card_fraud_is_a_chargeback_and_accuses_the_payer(organization: Organization) -> None:
    payment = make_payment(organization, flow=Flow.PAYIN, details={"customer_id": "cus-1"})
    bank = Bank()

    for _ in range(2):
        bank.confirm_fraud(flow=Flow.PAYIN, transaction_id=str(payment.id), at=KNOWN_AT)

    payment.refresh_from_db()
    assert (payment.is_fraudulent, payment.fraud_reason, payment.fraudster_side) == (True, "chargeback", "payer")
    assert payment.labelled_at == KNOWN_AT
    assert FraudMark.unscoped.get().marked_at == KNOWN_AT
    assert bank.told == {"frauds confirmed": 1}


def test_a_transfers_fraud_accuses_the_beneficiary(organization: Organization) -> None:
    payment = make_payment(organization, flow=Flow.PAYOUT)

    Bank().confirm_fraud(flow=Flow.PAYOUT, transaction_id=str(payment.id), at=KNOWN_AT)

    payment.refresh_from_db()
    assert (payment.fraud_reason, payment.fraudster_side) == ("authorized_push_payment", "beneficiary")
    assert list(FraudMark.unscoped.values_list("kind", "marked_at")) == [(IdentityKind.BENEFICIARY, KNOWN_AT)]


@pytest.mark.parametrize(("is_fraud", "outcome"), [(True, "cancelled"), (False, "released")])
def test_an_analyst_cancels_fraud_and_releases_the_rest(
    is_fraud: bool, outcome: str, organization: Organization
) -> None:
    payment = make_payment(organization, flow=Flow.PAYOUT)
    bank = Bank()

    bank.decide(flow=Flow.PAYOUT, transaction_id=str(payment.id), is_fraud=is_fraud)

    payment.refresh_from_db()
    assert payment.outcome == outcome
    assert bank.told == {f"waiting payments {outcome}": 1}


def test_days_end_in_the_organizations_time_zone_and_are_summed_up_once(organization: Organization) -> None:
    payments = [
        make_payment(organization, flow=Flow.PAYOUT, currency="MXN", occurred_at=datetime(2025, 1, 2, 18, tzinfo=UTC))
        for _ in range(50)
    ]
    bank = Bank()
    assert bank.is_day_over(KNOWN_AT) is False  # nothing is known yet of whose the payments are
    bank.meet(flow=Flow.PAYOUT, transaction_id=str(payments[0].id))

    bank.close_days(datetime(2025, 1, 3, 5, 59, tzinfo=UTC))
    assert AmountSnapshot.unscoped.count() == 0
    assert bank.is_day_over(datetime(2025, 1, 3, 5, 59, 59, tzinfo=UTC)) is False
    assert bank.is_day_over(datetime(2025, 1, 3, 6, tzinfo=UTC)) is True
    bank.close_days(datetime(2025, 1, 3, 6, tzinfo=UTC))
    bank.close_days(datetime(2025, 1, 3, 7, tzinfo=UTC))

    assert AmountSnapshot.unscoped.get().events == 50
    assert bank.told == {"daily sums of amounts": 1}


@pytest.mark.parametrize("name", [str(uuid.UUID(int=7)), ""])
def test_a_payment_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(NotOurPayment):
        Bank().meet(flow=Flow.PAYOUT, transaction_id=name)
