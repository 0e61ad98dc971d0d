"""Rows for tests."""

from typing import Any

from clausum.datasets.rows import PAY_IN, PAYOUT, Row

_EMPTY = Row(*[""] * len(Row._fields))


def make_row(**columns: Any) -> Row:
    """Return a payout of MXN 15.00 from one account to another."""
    given = {
        "event_id": "set-1",
        "occurred_at": "2025-01-02T03:04:05Z",
        "kind": PAYOUT,
        "amount_minor": "1500",
        "currency": "MXN",
        "customer_id": "cus-1",
        "source_account": "acc-1",
        "beneficiary_id": "ben-1",
        "beneficiary_clabe": "012180001234567899",
        "channel": "TRANSFER",
        "label": "0",
    }
    return _EMPTY._replace(**(given | columns))


def make_payin(**columns: Any) -> Row:
    """Return a pay-in of MXN 15.00 with every column that the mapping reads."""
    given = {
        "kind": PAY_IN,
        "source_account": "",
        "beneficiary_id": "",
        "beneficiary_clabe": "",
        "merchant_id": "mer-1",
        "merchant_category": "books",
        "card_bin": "411111",
        "card_last4": "4242",
        "card_fingerprint": "abc",
        "card_scheme": "visa",
        "device_id": "dev-1",
        "ip": "192.0.2.1",
        "email": "ana@example.com",
        "phone": "+12025550101",
        "user_agent": "Mozilla/5.0",
        "name": "Ana",
        "country": "US",
        "channel": "CNP",
    }
    return make_row(**(given | columns))
