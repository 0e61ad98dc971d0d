"""Under which identities a payment counts."""

from typing import Any

import pytest

from core.environments import Environment
from tests.factories.transactions import PAYIN_DETAILS, PAYOUT_DETAILS
from transactions.identities import (
    FRAUD_SCOPE,
    Identity,
    list_fraud_identities,
    list_identities,
    list_payee_identities,
    make_identity,
    name_account,
    name_card,
    name_origin,
)
from transactions.types import Flow, IdentityKind

SANDBOX = Environment.SANDBOX


def _kinds(identities: tuple[Identity, ...]) -> list[IdentityKind]:
    return [identity.kind for identity in identities]


def test_a_payin_counts_under_email_ip_device_customer_and_card() -> None:
    identities = list_identities(environment=SANDBOX, flow=Flow.PAYIN, details=PAYIN_DETAILS)
    assert identities == tuple(
        make_identity(environment=SANDBOX, scope=Flow.PAYIN, kind=kind, value=value)
        for kind, value in (
            (IdentityKind.EMAIL, "ana@example.com"),
            (IdentityKind.IP, "203.0.113.7"),
            (IdentityKind.DEVICE, "dev_1"),
            (IdentityKind.CUSTOMER, "cus_1"),
            (IdentityKind.CARD, "411111:1234"),
        )
    )


def test_a_payout_counts_under_the_account_and_its_origin() -> None:
    identities = list_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    assert identities == tuple(
        make_identity(environment=SANDBOX, scope=Flow.PAYOUT, kind=kind, value=value)
        for kind, value in (
            (IdentityKind.BENEFICIARY, "clabe:012180001234567899"),
            (IdentityKind.ORIGIN, "account:acct_1"),
        )
    )


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize(
    "details",
    [
        {},
        {"email": None, "device": None, "payment_method": None, "beneficiary": None, "origin": None},
        {"email": "", "device": {}, "payment_method": {}, "beneficiary": {}, "origin": {}},
        {"device": {"ip": None, "fingerprint": None}, "beneficiary": {"name": "Ana", "country": "MX"}},
    ],
)
def test_what_is_absent_null_or_empty_is_no_identity(flow: Flow, details: dict[str, Any]) -> None:
    assert list_identities(environment=SANDBOX, flow=flow, details=details) == ()
    assert list_fraud_identities(environment=SANDBOX, flow=flow, details=details) == ()
    assert list_payee_identities(environment=SANDBOX, flow=flow, details=details) == ()


def test_the_payer_of_a_payin_is_customer_email_device_card_and_card_hash() -> None:
    identities = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYIN, details=PAYIN_DETAILS)
    assert _kinds(identities) == [
        IdentityKind.CUSTOMER,
        IdentityKind.EMAIL,
        IdentityKind.DEVICE,
        IdentityKind.CARD,
        IdentityKind.CARD_HASH,
    ]


def test_the_payer_of_a_payout_is_customer_origin_and_device_never_the_account_paid() -> None:
    details = PAYOUT_DETAILS | {"email": "victim@example.com"}
    identities = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=details)
    assert _kinds(identities) == [IdentityKind.CUSTOMER, IdentityKind.ORIGIN, IdentityKind.DEVICE]


def test_the_payee_of_a_payout_is_its_account_under_a_digest_of_its_own() -> None:
    [payee] = list_payee_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    assert payee.kind is IdentityKind.BENEFICIARY
    assert payee not in list_identities(environment=SANDBOX, flow=Flow.PAYOUT, details=PAYOUT_DETAILS)
    assert list_payee_identities(environment=SANDBOX, flow=Flow.PAYIN, details=PAYOUT_DETAILS) == ()


def test_a_customer_marked_in_one_flow_is_known_in_the_other() -> None:
    payin = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYIN, details={"customer_id": "cus_1"})
    payout = list_fraud_identities(environment=SANDBOX, flow=Flow.PAYOUT, details={"customer_id": "cus_1"})
    assert (
        payin[0]
        == payout[0]
        == make_identity(environment=SANDBOX, scope=FRAUD_SCOPE, kind=IdentityKind.CUSTOMER, value="cus_1")
    )


def test_environment_scope_kind_and_value_all_tell_identities_apart() -> None:
    variants = {
        make_identity(environment=environment, scope=scope, kind=kind, value=value).digest
        for environment in Environment
        for scope in (*Flow, FRAUD_SCOPE)
        for kind in (IdentityKind.EMAIL, IdentityKind.CUSTOMER)
        for value in ("a", "b")
    }
    assert len(variants) == 24


def test_digests_never_change_since_history_stands_under_them() -> None:
    identity = make_identity(environment=SANDBOX, scope=Flow.PAYIN, kind=IdentityKind.EMAIL, value="ana@example.com")
    assert str(identity.digest) == "1f6f9d7d-39d6-20f2-887c-2c715bf9f701"


@pytest.mark.parametrize(
    ("beneficiary", "name"),
    [
        ({"clabe": "C", "iban": "I", "account_hash": "H", "swift_bic": "B", "id": "X"}, "clabe:C"),
        ({"iban": "I", "account_hash": "H", "swift_bic": "B", "id": "X"}, "iban:I"),
        ({"account_hash": "H", "swift_bic": "B", "id": "X"}, "account_hash:H"),
        ({"swift_bic": "B", "id": "X"}, "bic:B:X"),
        ({"id": "X"}, "id:X"),
        ({"swift_bic": "B"}, None),
        ({"name": "Ana"}, None),
    ],
)
def test_an_account_is_known_by_its_first_strong_name(beneficiary: dict[str, str], name: str | None) -> None:
    assert name_account({"beneficiary": beneficiary}) == name


def test_a_stable_id_with_a_new_clabe_is_a_new_account() -> None:
    before = name_account({"beneficiary": {"id": "ben_1", "clabe": "1"}})
    assert before != name_account({"beneficiary": {"id": "ben_1", "clabe": "2"}})


@pytest.mark.parametrize(
    ("details", "name"),
    [
        ({"origin": {"account_id": "a"}, "customer_id": "c"}, "account:a"),
        ({"origin": {"country": "MX"}, "customer_id": "c"}, "customer:c"),
        ({"customer_id": "c"}, "customer:c"),
        ({}, None),
    ],
)
def test_an_origin_is_its_account_else_its_customer(details: dict[str, Any], name: str | None) -> None:
    assert name_origin(details) == name


@pytest.mark.parametrize("method", [{"card_bin": "411111"}, {"card_last4": "1234"}, {"card_hash": "h"}])
def test_a_bin_or_four_digits_alone_are_no_card(method: dict[str, str]) -> None:
    assert name_card({"payment_method": method}) is None
