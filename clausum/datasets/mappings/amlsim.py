"""AMLSim, IBM's simulator of money laundering: rings that pay into one account.

Every payment is sent with the same amount: the simulator draws the amounts of its rings from other ranges than
those of ordinary payments, so the amount alone would give a ring away and nothing would be learnt of the pattern.
"""

from clausum.datasets.mappings.mapping import Body, DatasetMapping, make_payout
from clausum.datasets.rows import PAYOUT, Row
from transactions.types import Flow

CONSTANT_AMOUNT_MINOR = 100_000
"""MXN 1,000.00."""


def make_body(row: Row) -> Body:
    """Return the payout with the constant amount in place of its own."""
    return make_payout(row) | {"amount": CONSTANT_AMOUNT_MINOR}


MAPPING = DatasetMapping(
    name="amlsim",
    about="payouts, all sent with one amount; frauds are rings of fan-in",
    bodies={PAYOUT: (Flow.PAYOUT, make_body)},
)
