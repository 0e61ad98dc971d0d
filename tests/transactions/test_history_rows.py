"""Rows of a history file: what is read, what is left out, what is refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from transactions.history_rows import COLUMNS, RowRefused, read_row
from transactions.types import Flow, HistoryRow

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
PAYOUT = {"flow": "payout", "occurred_at": "2026-11-20T10:00:00-06:00", "amount_minor": "2500000", "currency": "mxn"}


def _read(**cells: str) -> HistoryRow:
    return read_row(PAYOUT | cells, now=NOW)


def _refusal(**cells: str) -> str:
    with pytest.raises(RowRefused) as refusal:
        _read(**cells)
    return str(refusal.value)


def test_every_column_goes_to_its_place_normalised() -> None:
    row = _read(
        customer_id="cus_1",
        payment_id="p_1",
        origin_account="acct_1",
        beneficiary_clabe="012 180 00123456789 9",
        beneficiary_iban="de89 3704 0044 0532 0130 00",
        beneficiary_account_hash="h",
        beneficiary_id="b",
        beneficiary_name="Núñez, S.A.",
        email=" Ana@EXAMPLE.com",
        phone="+52 55 1234 5678",
        card_bin="411111",
        card_last4="0042",
        card_hash="c",
        device_fingerprint="d",
        ip="::ffff:203.0.113.7",
    )
    assert row == HistoryRow(
        flow=Flow.PAYOUT,
        occurred_at=datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=-6))),
        amount_minor=2_500_000,
        currency="MXN",
        payment_id="p_1",
        customer_id="cus_1",
        doubtful=0,
        details={
            "customer_id": "cus_1",
            "payment_id": "p_1",
            "email": "ana@example.com",
            "phone": "+525512345678",
            "origin": {"account_id": "acct_1"},
            "beneficiary": {
                "clabe": "012180001234567899",
                "iban": "DE89370400440532013000",
                "account_hash": "h",
                "id": "b",
                "name": "Núñez, S.A.",
            },
            "payment_method": {"card_bin": "411111", "card_last4": "0042", "card_hash": "c"},
            "device": {"fingerprint": "d", "ip": "203.0.113.7"},
        },
    )


def test_a_row_may_name_nobody() -> None:
    row = _read()
    assert (row.details, row.payment_id, row.customer_id) == ({}, None, None)


@pytest.mark.parametrize(
    "cells",
    [
        {"email": "nobody"},
        {"phone": "1-244-160-2818"},
        {"ip": "300.1.1.1"},
        {"card_bin": "4111"},
        {"card_last4": "42"},
    ],
)
def test_what_cannot_be_read_is_left_out_and_counted(cells: dict[str, str]) -> None:
    row = _read(**cells)
    assert (row.details, row.doubtful) == ({}, 1)


@pytest.mark.parametrize(
    "cells", [{"beneficiary_clabe": "012180001234567890"}, {"beneficiary_iban": "DE00370400440532013000"}]
)
def test_a_wrong_check_digit_is_no_reason_to_refuse(cells: dict[str, str]) -> None:
    row = _read(**cells)
    assert list(row.details["beneficiary"].values()) == list(cells.values())
    assert row.doubtful == 0


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"flow": "pay_in"}, "flow: must be one of payin, payout"),
        ({"flow": ""}, "flow: must be one of payin, payout"),
        ({"occurred_at": "yesterday"}, "occurred_at: must be an ISO 8601 date-time"),
        ({"occurred_at": "2026-11-20T10:00:00"}, "occurred_at: must say its offset, such as Z or -06:00"),
        ({"occurred_at": "2026-11-22T18:00:01Z"}, "occurred_at: must lie between 1970 and now"),
        ({"occurred_at": "1969-12-31T23:59:59Z"}, "occurred_at: must lie between 1970 and now"),
        ({"amount_minor": "-1"}, "amount_minor: must be a whole number of minor units"),
        ({"amount_minor": "10.50"}, "amount_minor: must be a whole number of minor units"),
        ({"amount_minor": "1e3"}, "amount_minor: must be a whole number of minor units"),
        ({"amount_minor": "1_000"}, "amount_minor: must be a whole number of minor units"),
        ({"amount_minor": "\u0661"}, "amount_minor: must be a whole number of minor units"),
        ({"amount_minor": "1000000000000001"}, "amount_minor: must be at most 10^15"),
        ({"currency": "XTS"}, "currency: must be an active ISO 4217 code"),
        ({"currency": "pesos"}, "currency: must be an active ISO 4217 code"),
        ({"beneficiary_clabe": "12345"}, "beneficiary_clabe: must have 18 digits"),
        ({"beneficiary_iban": "DE89"}, "beneficiary_iban: must have the shape of an IBAN"),
        ({"customer_id": "x" * 321}, "customer_id: must have at most 320 characters"),
        ({"beneficiary_name": "a\x00b"}, "beneficiary_name: must not have control characters"),
        ({"payment_id": "a\nb"}, "payment_id: must not have control characters"),
        ({"card_hash": "4111 1111 1111 1111"}, "card_hash: holds a card number, which is never kept"),
        ({"card_bin": "4111111111111111"}, "card_bin: holds a card number, which is never kept"),
        ({"beneficiary_name": "4111-1111-1111-1111"}, "beneficiary_name: holds a card number, which is never kept"),
    ],
)
def test_what_is_no_payment_is_refused_by_column_and_without_its_value(cells: dict[str, str], refusal: str) -> None:
    assert _refusal(**cells) == refusal


@pytest.mark.parametrize("missing", list(PAYOUT))
def test_what_every_payment_has_may_not_be_missing(missing: str) -> None:
    cells: dict[str, Any] = {name: text for name, text in PAYOUT.items() if name != missing}
    with pytest.raises(RowRefused) as refusal:
        read_row(cells, now=NOW)
    assert refusal.value.column == missing


@pytest.mark.parametrize(
    "column", ["customer_id", "payment_id", "origin_account", "beneficiary_id", "device_fingerprint"]
)
def test_a_number_that_only_looks_like_a_card_passes_where_the_contract_says_so(column: str) -> None:
    assert _read(**{column: "4111111111111111"}).doubtful == 0


def test_long_texts_that_are_fine_one_by_one_are_fine_together() -> None:
    row = _read(customer_id="x" * 320, payment_id="y" * 320)
    assert row.customer_id == "x" * 320


def test_a_name_in_any_script_passes() -> None:
    assert _read(beneficiary_name="株式会社\u3000テスト").details["beneficiary"]["name"] == "株式会社\u3000テスト"


def test_columns_are_those_that_the_how_to_documents() -> None:
    assert COLUMNS == (
        "flow", "occurred_at", "amount_minor", "currency", "email", "phone", "customer_id", "payment_id", "card_bin",
        "card_last4", "card_hash", "device_fingerprint", "ip", "origin_account", "beneficiary_clabe",
        "beneficiary_iban", "beneficiary_account_hash", "beneficiary_id", "beneficiary_name",
    )  # fmt: skip
