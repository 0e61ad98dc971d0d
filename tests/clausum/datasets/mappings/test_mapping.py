import json

import pytest

from clausum.datasets.mappings import MAPPINGS
from clausum.datasets.mappings.mapping import make_reference
from clausum.datasets.rows import DatasetInvalid
from tests.clausum.datasets.rows import make_payin, make_row
from transactions.types import Flow

REFERENCE = "01612dbcd1cea66cc448f37ce20866f5"

PAYOUT_BODY = {
    "amount": 1500,
    "currency": "MXN",
    "payment_id": REFERENCE,
    "customer_id": "cus-1",
    "beneficiary": {"id": "ben-1", "clabe": "012180001234567899", "country": "MX"},
    "origin": {"account_id": "acc-1", "country": "MX"},
    "payout": {"channel": "spei", "initiated_by": "cus-1"},
}
PAYIN_BODY = {
    "amount": 1500,
    "currency": "MXN",
    "payment_id": REFERENCE,
    "customer_id": "cus-1",
    "email": "ana@example.com",
    "phone": "+12025550101",
    "payment_method": {"card_bin": "411111", "card_last4": "4242", "card_hash": "abc"},
    "device": {"fingerprint": "dev-1", "ip": "192.0.2.1", "user_agent": "Mozilla/5.0"},
    "metadata": {"merchant_id": "mer-1", "category": "books", "channel": "CNP"},
}


def test_the_table_lists_each_kind_under_its_own_name() -> None:
    assert list(MAPPINGS) == ["paysim", "amlsim", "synccfd", "evalml", "afd", "clausum"]
    assert all(mapping.name == name for name, mapping in MAPPINGS.items())


def test_a_reference_hides_the_id_and_its_prefix() -> None:
    assert make_reference(make_row()) == REFERENCE


def test_a_paysim_payout_becomes_the_contracts_body() -> None:
    assert MAPPINGS["paysim"].make_body(make_row()) == (Flow.PAYOUT, PAYOUT_BODY)


def test_a_country_that_the_row_states_is_sent() -> None:
    _, body = MAPPINGS["paysim"].make_body(make_row(country="US"))

    assert body["beneficiary"] == {"id": "ben-1", "clabe": "012180001234567899", "country": "US"}


def test_an_amlsim_payout_has_the_constant_amount() -> None:
    assert MAPPINGS["amlsim"].make_body(make_row()) == (Flow.PAYOUT, PAYOUT_BODY | {"amount": 100_000})


@pytest.mark.parametrize("name", ["synccfd", "evalml", "afd", "clausum"])
def test_a_card_payment_becomes_the_contracts_body(name: str) -> None:
    assert MAPPINGS[name].make_body(make_payin()) == (Flow.PAYIN, PAYIN_BODY)


def test_what_the_source_lacks_is_left_out_with_its_part() -> None:
    bare = make_row(kind="pay_in", customer_id="", channel="")

    _, body = MAPPINGS["afd"].make_body(bare)

    assert body == {"amount": 1500, "currency": "MXN", "payment_id": REFERENCE}


def test_a_payout_of_the_sample_also_names_the_beneficiary_and_who_ordered_it() -> None:
    _, body = MAPPINGS["clausum"].make_body(make_row(name="Proveedor SA", email="ana@example.com"))

    assert body == PAYOUT_BODY | {
        "beneficiary": {"id": "ben-1", "clabe": "012180001234567899", "country": "MX", "name": "Proveedor SA"},
        "payout": {"channel": "spei", "initiated_by": "ana@example.com"},
    }


def test_a_payout_of_the_sample_that_nobody_is_said_to_have_ordered_has_no_initiator() -> None:
    assert MAPPINGS["clausum"].make_body(make_row()) == (Flow.PAYOUT, PAYOUT_BODY | {"payout": {"channel": "spei"}})


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in MAPPINGS for kind in MAPPINGS[name].bodies])
def test_no_mapping_sends_the_truth_or_the_rows_own_id(name: str, kind: str) -> None:
    row = {"payout": make_row(), "pay_in": make_payin()}[kind]

    _, body = MAPPINGS[name].make_body(row._replace(event_id="prefix-9", label="1", scenario="secret_scheme"))

    sent = json.dumps(body)
    assert "prefix" not in sent
    assert "secret_scheme" not in sent
    assert "label" not in sent
    assert "scenario" not in sent


def test_a_kind_that_the_data_set_has_not_is_refused() -> None:
    with pytest.raises(DatasetInvalid, match="the mapping paysim has no rows of the kind found"):
        MAPPINGS["paysim"].make_body(make_payin())


@pytest.mark.parametrize("amount", ["", "15.00", "-1", "1e3", "²"])
def test_an_amount_that_is_no_integer_is_refused(amount: str) -> None:
    with pytest.raises(DatasetInvalid, match="an amount is no integer in minor units"):
        MAPPINGS["paysim"].make_body(make_row(amount_minor=amount))
