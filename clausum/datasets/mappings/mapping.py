"""What a mapping is: how the rows of one kind of data set become request bodies.

Columns and fields as the data's own README pairs them. What a mapping never sends: `label`, `scenario`, the row's own
`event_id` (its prefix names the data set) and the name of the file.
"""

import hashlib
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass

from clausum.datasets.rows import DatasetInvalid, Row
from transactions.types import Flow

type Body = dict[str, object]
type MakeBody = Callable[[Row], Body]

REFERENCE_LENGTH = 32
HOME_COUNTRY = "MX"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetMapping:
    """How each `kind` of row that this data set has becomes a body of one flow."""

    name: str
    about: str
    bodies: Table[str, tuple[Flow, MakeBody]]

    def make_body(self, row: Row) -> tuple[Flow, Body]:
        """Return the flow and the body of a row; raises DatasetInvalid for a kind or an amount the mapping has not."""
        if row.kind not in self.bodies:
            raise DatasetInvalid(f"the mapping {self.name} has no rows of the kind found")
        if not (row.amount_minor.isascii() and row.amount_minor.isdigit()):
            raise DatasetInvalid("an amount is no integer in minor units")
        flow, make = self.bodies[row.kind]
        return flow, make(row)


def make_reference(row: Row) -> str:
    """Return the payment's name on the wire: the SHA-256 of the row's id, cut to 32 hexadecimal digits."""
    return hashlib.sha256(row.event_id.encode()).hexdigest()[:REFERENCE_LENGTH]


def make_payin(row: Row) -> Body:
    """Return the body for `POST /api/v1/assess` (contract §2)."""
    return without_empty(
        {
            "amount": int(row.amount_minor),
            "currency": row.currency,
            "payment_id": make_reference(row),
            "customer_id": row.customer_id,
            "email": row.email,
            "phone": row.phone,
            "payment_method": {
                "card_bin": row.card_bin,
                "card_last4": row.card_last4,
                "card_hash": row.card_fingerprint,
            },
            "device": {"fingerprint": row.device_id, "ip": row.ip, "user_agent": row.user_agent},
            "metadata": {"merchant_id": row.merchant_id, "category": row.merchant_category, "channel": row.channel},
        }
    )


def make_payout(row: Row) -> Body:
    """Return the body for `POST /api/v1/assess/payout` (contract §3): a SPEI transfer between Mexican accounts.

    In these data sets every customer orders its own transfers, so that is who initiated it.
    """
    return without_empty(
        {
            "amount": int(row.amount_minor),
            "currency": row.currency,
            "payment_id": make_reference(row),
            "customer_id": row.customer_id,
            "beneficiary": {
                "id": row.beneficiary_id,
                "clabe": row.beneficiary_clabe,
                "country": row.country or HOME_COUNTRY,
            },
            "origin": {"account_id": row.source_account, "country": HOME_COUNTRY},
            "payout": {"channel": "spei", "initiated_by": row.customer_id},
        }
    )


def without_empty(body: Body) -> Body:
    """Return the body without the fields that the source lacks, and without parts that were left with none."""
    kept = {name: without_empty(value) if isinstance(value, dict) else value for name, value in body.items()}
    return {name: value for name, value in kept.items() if value not in ("", {})}
