"""PaySim v2, a simulator of mobile money: an account emptied to a new mule account, then cashed out."""

from clausum.datasets.mappings.mapping import DatasetMapping, make_payout
from clausum.datasets.rows import PAYOUT
from transactions.types import Flow

MAPPING = DatasetMapping(
    name="paysim",
    about="payouts; frauds are takeovers that empty an account to a mule",
    bodies={PAYOUT: (Flow.PAYOUT, make_payout)},
)
