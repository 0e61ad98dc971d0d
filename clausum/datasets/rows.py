"""Files of labelled payments: CSV, plain or gzipped, all with one header."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

PAY_IN = "pay_in"
PAYOUT = "payout"


class DatasetInvalid(Exception):
    """The file is not one of labelled payments; the text says where and why, without a value of it."""


class Truth(StrEnum):
    """What became known of a payment afterwards; it scores the answers and is never sent."""

    FRAUD = "fraud"
    GOOD = "good"
    UNKNOWN = "unknown"


_UNREADABLE = (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error, csv.Error)
_TRUTHS = {"1": Truth.FRAUD, "0": Truth.GOOD}


class Row(NamedTuple):
    """One payment, in the file's own words; a column that the source lacks is empty.

    `amount_minor` in minor units of `currency`, `occurred_at` ISO 8601 in UTC, `kind` is pay_in or payout.
    """

    event_id: str
    occurred_at: str
    kind: str
    amount_minor: str
    currency: str
    customer_id: str
    source_account: str
    beneficiary_id: str
    beneficiary_clabe: str
    merchant_id: str
    merchant_category: str
    card_bin: str
    card_last4: str
    card_fingerprint: str
    card_scheme: str
    device_id: str
    ip: str
    email: str
    phone: str
    user_agent: str
    name: str
    country: str
    lat: str
    lon: str
    channel: str
    label: str
    scenario: str

    @property
    def truth(self) -> Truth:
        return _TRUTHS.get(self.label, Truth.UNKNOWN)


class Dataset:
    """An open file of payments; iterating it once gives its rows, never more than one in memory."""

    def __init__(self, path: Path) -> None:
        self._size = max(path.stat().st_size, 1)
        self._raw = path.open("rb")
        opened = gzip.GzipFile(fileobj=self._raw) if path.suffix == ".gz" else self._raw
        self._text = io.TextIOWrapper(opened, encoding="utf-8", newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.close()
        self._raw.close()

    def read_fraction(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return self._raw.tell() / self._size

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; raises DatasetInvalid at the first that has not the header's form, or cannot be read."""
        try:
            yield from self._read_rows()
        except _UNREADABLE as error:
            raise DatasetInvalid(f"it is no CSV in UTF-8, or a damaged archive ({type(error).__name__})") from None

    def _read_rows(self) -> Iterator[Row]:
        lines = csv.reader(self._text)
        if tuple(next(lines, ())) != Row._fields:
            raise DatasetInvalid("the first line is not the header of labelled payments")
        for fields in lines:
            if len(fields) != len(Row._fields):
                raise DatasetInvalid(f"line {lines.line_num} has {len(fields)} columns, not {len(Row._fields)}")
            yield Row._make(fields)
