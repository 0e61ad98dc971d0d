"""What of a stored payment can be on a list."""

from typing import Any

import msgspec
import pytest

from assess.gathering import _make_identifiers
from assess.reading.payments import read_payin, read_payout
from assess.reading.warnings import Warnings
from assess.requests import PayinBody, PayoutAssessBody
from assess.types import Language, Payment
from blocklists.rules.stored_payments import find_identity, is_met, list_flows, read_identifiers
from blocklists.types import FlowScope, ListType
from core.environments import Environment
from transactions.identities import list_identities
from transactions.types import Flow

PAYIN: dict[str, Any] = {
    "amount": 1500,
    "currency": "MXN",
    "email": "Ana@Example.com",
    "phone": "+52 55 1234 5678",
    "customer_id": "cus_1",
    "billing": {"country": "mx"},
    "payment_method": {"card_bin": "411111", "card_last4": "1234", "card_hash": "h_1", "card_country": "US"},
    "device": {"ip": "203.0.113.7", "fingerprint": "dev_1"},
}
PAYOUT: dict[str, Any] = {
    "amount": 1500,
    "currency": "MXN",
    "customer_id": "cus_1",
    "device": {"ip": "203.0.113.7"},
    "beneficiary": {
        "id": "ben_1",
        "clabe": "012 180 00123456789 9",
        "iban": "GB82 WEST 1234 5698 7654 32",
        "account_hash": "hash_1",
        "swift_bic": "DEUTDEFF",
        "email": "Luis@Example.com",
        "phone": "+525512345678",
        "country": "FR",
    },
}


def _read(flow: Flow) -> Payment:
    warnings = Warnings(Language.SPANISH)
    if flow is Flow.PAYIN:
        return read_payin(msgspec.convert(PAYIN, PayinBody), warnings)
    return read_payout(msgspec.convert(PAYOUT, PayoutAssessBody), warnings)


@pytest.mark.parametrize("flow", Flow)
def test_a_stored_payment_is_asked_about_as_it_was_when_it_came(flow: Flow) -> None:
    payment = _read(flow)
    stored = msgspec.json.decode(msgspec.json.encode(payment))
    assert read_identifiers(flow, stored) == _make_identifiers(payment)


@pytest.mark.parametrize("flow", Flow)
def test_a_payment_without_details_meets_nothing(flow: Flow) -> None:
    assert not any(is_met(list_type, "x", flow=flow, details={}) for list_type in ListType)


def test_a_network_around_the_address_and_a_domain_above_the_e_mail_are_met() -> None:
    stored = msgspec.to_builtins(_read(Flow.PAYIN))
    assert is_met(ListType.IP_RANGE, "203.0.113.0/24", flow=Flow.PAYIN, details=stored)
    assert not is_met(ListType.IP_RANGE, "203.0.114.0/24", flow=Flow.PAYIN, details=stored)
    assert is_met(ListType.EMAIL_DOMAIN, "example.com", flow=Flow.PAYIN, details=stored)


@pytest.mark.parametrize(
    ("list_type", "value", "flow"),
    [
        (ListType.EMAIL, "ana@example.com", Flow.PAYIN),
        (ListType.IP_ADDRESS, "203.0.113.7", Flow.PAYIN),
        (ListType.DEVICE_FINGERPRINT, "dev_1", Flow.PAYIN),
        (ListType.CUSTOMER_ID, "cus_1", Flow.PAYIN),
        (ListType.CLABE, "012180001234567899", Flow.PAYOUT),
    ],
)
def test_a_value_with_a_history_has_the_identity_under_which_its_payments_are_counted(
    list_type: ListType, value: str, flow: Flow
) -> None:
    counted = list_identities(environment=Environment.SANDBOX, flow=flow, details=msgspec.to_builtins(_read(flow)))
    assert find_identity(list_type, value, flow=flow, environment=Environment.SANDBOX) in counted


@pytest.mark.parametrize(
    "list_type",
    [
        ListType.COUNTRY,
        ListType.IP_RANGE,
        ListType.CARD_BIN,
        ListType.PHONE,
        ListType.IBAN,
        ListType.ACCOUNT_HASH,
    ],
)
def test_other_values_have_none(list_type: ListType) -> None:
    assert all(find_identity(list_type, "x", flow=flow, environment=Environment.SANDBOX) is None for flow in Flow)


@pytest.mark.parametrize(
    ("list_type", "scope", "flows"),
    [
        (ListType.EMAIL, FlowScope.BOTH, (Flow.PAYIN, Flow.PAYOUT)),
        (ListType.EMAIL, FlowScope.PAYOUT, (Flow.PAYOUT,)),
        (ListType.CLABE, FlowScope.BOTH, (Flow.PAYOUT,)),
        (ListType.CLABE, FlowScope.PAYIN, ()),
    ],
)
def test_flows_are_those_of_the_scope_in_which_the_type_is_compared(
    list_type: ListType, scope: FlowScope, flows: tuple[Flow, ...]
) -> None:
    assert list_flows(list_type, scope) == flows
