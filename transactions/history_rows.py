"""Rows of a history file, read into normalised payments as an assessment would read them.

What cannot be a payment is refused with the column's name; an e-mail, telephone, IP, BIN or last four digits that
cannot be read is left out and counted as doubtful (contract §2: it matches nothing). Values never stand in a message.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.identifiers import card, clabe, email, iban, ip, phone
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, UnknownIssuer
from core.money import MAX_AMOUNT_MINOR, UnknownCurrency, normalize_currency
from transactions.types import Flow, HistoryRow

MAXIMUM_LENGTH = 320
"""Of a text, in characters: what a blocklist's value may have, and what an index row can hold."""

REQUIRED = ("flow", "occurred_at", "amount_minor", "currency")

type Reader = Callable[[str], str]
type Cells = Mapping[str, str]

_FLOWS = {flow.value: flow for flow in Flow}
_DIGITS = re.compile(r"[0-9]{1,16}")
_LAST4 = re.compile(r"[0-9]{4}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RowRefused(ValueError):
    """A row that is no payment. `column` is the one at fault, empty when it is the row itself."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(column, message)
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


def _read_clabe(text: str) -> str:
    if not clabe.has_shape(text):
        raise RowRefused("beneficiary_clabe", "must have 18 digits")
    return clabe.compact(text)


def _read_iban(text: str) -> str:
    try:
        return iban.validate(text)
    except (InvalidCheckDigit, UnknownIssuer):
        return iban.compact(text)
    except InvalidIdentifier:
        raise RowRefused("beneficiary_iban", "must have the shape of an IBAN") from None


def _read_last4(text: str) -> str:
    if not _LAST4.fullmatch(text):
        raise InvalidIdentifier
    return text


# Where each column goes, and how it is read: InvalidIdentifier leaves the value out, RowRefused ends the row.
_PLACES: dict[str, tuple[str | None, str, Reader | None]] = {
    "email": (None, "email", email.validate),
    "phone": (None, "phone", phone.validate),
    "customer_id": (None, "customer_id", None),
    "payment_id": (None, "payment_id", None),
    "card_bin": ("payment_method", "card_bin", card.validate_bin),
    "card_last4": ("payment_method", "card_last4", _read_last4),
    "card_hash": ("payment_method", "card_hash", None),
    "device_fingerprint": ("device", "fingerprint", None),
    "ip": ("device", "ip", ip.validate),
    "origin_account": ("origin", "account_id", None),
    "beneficiary_clabe": ("beneficiary", "clabe", _read_clabe),
    "beneficiary_iban": ("beneficiary", "iban", _read_iban),
    "beneficiary_account_hash": ("beneficiary", "account_hash", None),
    "beneficiary_id": ("beneficiary", "id", None),
    "beneficiary_name": ("beneficiary", "name", None),
}

COLUMNS = (*REQUIRED, *_PLACES)

# Contract §2 names the fields in which a number that looks like a card's is none.
_MAY_HOLD_CARD = frozenset({"email", "card_bin", "card_last4", "card_hash", "ip", "beneficiary_name"})


def read_row(cells: Cells, *, now: datetime) -> HistoryRow:
    """Return the payment; `cells` are the row's values by column, the empty ones left out. Raises RowRefused."""
    flow = _FLOWS.get(cells.get("flow", ""))
    if flow is None:
        raise RowRefused("flow", f"must be one of {', '.join(_FLOWS)}")
    _check_texts(cells)
    details, doubtful = _read_details(cells)
    return HistoryRow(
        flow=flow,
        occurred_at=_read_time(cells.get("occurred_at", ""), now=now),
        amount_minor=_read_amount(cells.get("amount_minor", "")),
        currency=_read_currency(cells.get("currency", "")),
        details=details,
        payment_id=details.get("payment_id"),
        customer_id=details.get("customer_id"),
        doubtful=doubtful,
    )


def _read_details(cells: Cells) -> tuple[dict[str, Any], int]:
    details: dict[str, Any] = {}
    doubtful = 0
    for column, text in cells.items():
        if column not in _PLACES:
            continue
        group, name, reader = _PLACES[column]
        try:
            value = reader(text) if reader else text
        except InvalidIdentifier:
            doubtful += 1
            continue
        target = details if group is None else details.setdefault(group, {})
        target[name] = value
    return details, doubtful


def _check_texts(cells: Cells) -> None:
    together = "".join(cells.values())
    if len(together) > MAXIMUM_LENGTH or not together.isprintable():
        for column, text in cells.items():
            _check_text(column, text)
    for column in _MAY_HOLD_CARD & cells.keys():
        if card.looks_like_card(cells[column]):
            raise RowRefused(column, "holds a card number, which is never kept")


def _check_text(column: str, text: str) -> None:
    if len(text) > MAXIMUM_LENGTH:
        raise RowRefused(column, f"must have at most {MAXIMUM_LENGTH} characters")
    if _CONTROL.search(text):
        raise RowRefused(column, "must not have control characters")


def _read_time(text: str, *, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RowRefused("occurred_at", "must be an ISO 8601 date-time") from None
    if at.tzinfo is None:
        raise RowRefused("occurred_at", "must say its offset, such as Z or -06:00")
    if not _EPOCH <= at <= now:
        raise RowRefused("occurred_at", "must lie between 1970 and now")
    return at


def _read_amount(text: str) -> int:
    if not _DIGITS.fullmatch(text):
        raise RowRefused("amount_minor", "must be a whole number of minor units")
    amount = int(text)
    if amount > MAX_AMOUNT_MINOR:
        raise RowRefused("amount_minor", "must be at most 10^15")
    return amount


def _read_currency(text: str) -> str:
    try:
        return normalize_currency(text)
    except UnknownCurrency:
        raise RowRefused("currency", "must be an active ISO 4217 code") from None
