"""What a replay sends for one payment, and what it remembers of the payment to judge the answer."""

import json
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from clausum.datasets.mappings.mapping import DatasetMapping
from clausum.datasets.rows import DatasetInvalid, Row, Truth
from transactions.types import Flow

PATHS = {Flow.PAYIN: "/api/v1/assess", Flow.PAYOUT: "/api/v1/assess/payout"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, ready to be sent, and apart from it the payment's time, the truth and the amount in the file."""

    path: str
    headers: Table[str, str]
    body: bytes
    party: str
    flow: Flow
    at: datetime
    truth: Truth
    amount_minor: int
    currency: str

    def choose_lane(self, lanes: int) -> int:
        """Return which of so many lanes sends it: one party's payments share a lane and so keep their order."""
        return crc32(self.party.encode()) % lanes


def make_call(*, row: Row, mapping: DatasetMapping, keys: Table[Flow, str]) -> Call:
    """Return the request for a row, judged at the payment's own time. Raises DatasetInvalid."""
    flow, body = mapping.make_body(row)
    headers = {
        "Authorization": f"Bearer {keys[flow]}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(body["payment_id"]),
        "X-Clausum-As-Of": row.occurred_at,
    }
    return Call(
        path=PATHS[flow],
        headers=headers,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        party=row.source_account or row.customer_id,
        flow=flow,
        at=_read_time(row.occurred_at),
        truth=row.truth,
        amount_minor=int(row.amount_minor),
        currency=row.currency,
    )


def _read_time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise DatasetInvalid("a time is no ISO 8601 date-time with its offset")
    return at
