"""What an entry would have met."""

from datetime import timedelta

import pytest

from accounts.models import Organization
from blocklists import effect
from blocklists.effect import Effect, measure_effect, sum_up
from blocklists.types import FlowScope, ListType, default_scope
from core.environments import Environment
from tests.factories.accounts import make_organization
from tests.factories.transactions import NOW, PAYIN_DETAILS, PAYOUT_DETAILS, make_transaction
from transactions.models import Transaction
from transactions.types import Decision, Flow

pytestmark = pytest.mark.django_db
EMAIL = "ana@example.com"
CLABE = "012180001234567899"


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _measure(organization: Organization, list_type: ListType, value: str, scope: FlowScope | None = None) -> Effect:
    return measure_effect(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        list_type=list_type,
        value=value,
        scope=scope or default_scope(list_type),
        now=NOW + timedelta(days=1),
    )


def test_payments_of_the_last_month_are_counted_and_told_apart(organization: Organization) -> None:
    approved = make_transaction(organization=organization)
    declined = make_transaction(organization=organization, decision=Decision.DECLINE, amount_minor=5_000)
    make_transaction(organization=organization, currency="USD", amount_minor=700)
    make_transaction(organization=organization, occurred_at=NOW - timedelta(days=30))
    make_transaction(organization=organization, details=PAYIN_DETAILS | {"email": "luis@example.com"})
    Transaction.unscoped.filter(pk=approved.pk).update(is_fraudulent=False)
    Transaction.unscoped.filter(pk=declined.pk).update(is_fraudulent=True)
    found = _measure(organization, ListType.EMAIL, EMAIL)
    assert sum_up(found.payments) == [("MXN", 20_000), ("USD", 700)]
    assert sum_up(found.approved) == [("MXN", 15_000), ("USD", 700)]
    assert (found.frauds, found.legitimate, found.is_cut) == (1, 1, False)
    assert [flow.sampled for flow in found.flows] == [None]


@pytest.mark.parametrize(
    ("list_type", "value", "flow"),
    [
        (ListType.EMAIL_DOMAIN, "example.com", Flow.PAYIN),
        (ListType.IP_RANGE, "203.0.113.0/24", Flow.PAYIN),
        (ListType.CARD_BIN, "411111", Flow.PAYIN),
        (ListType.CARD_HASH, "h_1", Flow.PAYIN),
        (ListType.CLABE, CLABE, Flow.PAYOUT),
    ],
)
def test_values_with_and_without_a_history_are_found(
    organization: Organization, list_type: ListType, value: str, flow: Flow
) -> None:
    payment = make_transaction(organization=organization, flow=flow)
    assert [each.id for each in _measure(organization, list_type, value).payments] == [payment.id]


@pytest.mark.parametrize(
    ("list_type", "value"),
    [(ListType.CLABE, CLABE), (ListType.IBAN, "GB82WEST12345698765432"), (ListType.ACCOUNT_HASH, "hash_1")],
)
def test_a_payout_with_several_accounts_is_found_by_each(
    organization: Organization, list_type: ListType, value: str
) -> None:
    accounts = PAYOUT_DETAILS["beneficiary"] | {"iban": "GB82WEST12345698765432", "account_hash": "hash_1"}
    details = PAYOUT_DETAILS | {"beneficiary": accounts}
    payment = make_transaction(organization=organization, flow=Flow.PAYOUT, details=details)
    assert [each.id for each in _measure(organization, list_type, value).payments] == [payment.id]


def test_an_entry_of_both_flows_counts_in_both(organization: Organization) -> None:
    make_transaction(organization=organization)
    make_transaction(organization=organization, flow=Flow.PAYOUT)
    found = _measure(organization, ListType.IP_ADDRESS, "203.0.113.7", FlowScope.BOTH)
    assert {each.flow for each in found.payments} == {Flow.PAYIN, Flow.PAYOUT}


def test_what_counts_in_no_history_is_in_no_sample_either(organization: Organization) -> None:
    make_transaction(organization=organization, is_simulated=True)
    make_transaction(organization=organization, is_advisory=True)
    assert _measure(organization, ListType.CARD_BIN, "411111").payments == []


def test_a_sample_looks_at_the_newest_only_and_says_so(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_transaction(organization=organization, occurred_at=NOW - timedelta(hours=1))
    newest = make_transaction(organization=organization)
    monkeypatch.setattr(effect, "SAMPLE", 1)
    found = _measure(organization, ListType.CARD_BIN, "411111")
    assert ([each.id for each in found.payments], [flow.sampled for flow in found.flows]) == ([newest.id], [1])
    monkeypatch.setattr(effect, "SAMPLE", 3)
    found = _measure(organization, ListType.CARD_BIN, "411111")
    assert (len(found.payments), [flow.sampled for flow in found.flows]) == (2, [None])


def test_counting_stops_at_the_most_and_says_so(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        make_transaction(organization=organization)
    monkeypatch.setattr(effect, "MOST_COUNTED", 1)
    found = _measure(organization, ListType.EMAIL, EMAIL)
    assert (len(found.payments), found.is_cut) == (1, True)


def test_a_strangers_and_the_other_environments_payments_are_not_counted(organization: Organization) -> None:
    make_transaction(organization=make_organization())
    make_transaction(organization=make_organization(), flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    make_transaction(organization=organization, environment=Environment.PRODUCTION)
    assert _measure(organization, ListType.EMAIL, EMAIL).payments == []
    assert _measure(organization, ListType.CARD_BIN, "411111").payments == []
    assert _measure(organization, ListType.CLABE, CLABE).payments == []
