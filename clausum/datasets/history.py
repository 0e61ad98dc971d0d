"""Writing payments as a file for `load_history`: what a bank loads of its past before it goes live; without labels."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from clausum.datasets.mappings.mapping import DatasetMapping
from clausum.datasets.rows import Row
from transactions.history_rows import COLUMNS
from transactions.types import Flow

_PLACES: dict[str, tuple[str, ...]] = {
    "amount_minor": ("amount",),
    "currency": ("currency",),
    "payment_id": ("payment_id",),
    "customer_id": ("customer_id",),
    "origin_account": ("origin", "account_id"),
    "beneficiary_clabe": ("beneficiary", "clabe"),
    "beneficiary_id": ("beneficiary", "id"),
    "beneficiary_name": ("beneficiary", "name"),
    "email": ("email",),
    "phone": ("phone",),
    "card_bin": ("payment_method", "card_bin"),
    "card_last4": ("payment_method", "card_last4"),
    "card_hash": ("payment_method", "card_hash"),
    "device_fingerprint": ("device", "fingerprint"),
    "ip": ("device", "ip"),
}
"""A column of the history file and where its value stands in the body that would be sent."""


def write_history(rows: Iterable[Row], *, mapping: DatasetMapping, path: Path) -> int:
    """Write the payments as the mapping would send them and return how many. Raises DatasetInvalid, OSError.

    `path` is gzipped when it ends in .gz.
    """
    written = 0
    with _open(path) as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            flow, body = mapping.make_body(row)
            writer.writerow(_make_line(row, flow, body))
            written += 1
    return written


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", encoding="utf-8", newline="")
    return path.open("w", encoding="utf-8", newline="")


def _make_line(row: Row, flow: Flow, body: Mapping[str, Any]) -> dict[str, str]:
    found = {column: _find(body, place) for column, place in _PLACES.items()}
    return {"flow": flow.value, "occurred_at": row.occurred_at, **{name: text for name, text in found.items() if text}}


def _find(body: Mapping[str, Any], place: tuple[str, ...]) -> str:
    value: Any = body
    for name in place:
        value = value.get(name, {}) if isinstance(value, Mapping) else {}
    return "" if isinstance(value, Mapping) else str(value)
