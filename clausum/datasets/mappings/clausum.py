"""The sample that ships with Clausum: both flows. A payout's `name` is its beneficiary, `email` who ordered it."""

from clausum.datasets.mappings.mapping import Body, DatasetMapping, make_payin, make_payout, without_empty
from clausum.datasets.rows import PAY_IN, PAYOUT, Row
from transactions.types import Flow


def make_named_payout(row: Row) -> Body:
    """Return the payout with the beneficiary's name and the person who ordered it, where the row has them."""
    body = make_payout(row)
    parts = {"beneficiary": {"name": row.name}, "payout": {"initiated_by": row.email}}
    return without_empty(body | {name: {**_part(body, name), **more} for name, more in parts.items()})


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


MAPPING = DatasetMapping(
    name="clausum",
    about="the shipped sample: payouts of a bank and pay-ins of a merchant",
    bodies={PAY_IN: (Flow.PAYIN, make_payin), PAYOUT: (Flow.PAYOUT, make_named_payout)},
)
