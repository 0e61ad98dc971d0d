"""EvalML's demonstration data of card payments: many currencies, withdrawn ones among them, which the API refuses."""

from clausum.datasets.mappings.mapping import DatasetMapping, make_payin
from clausum.datasets.rows import PAY_IN
from transactions.types import Flow

MAPPING = DatasetMapping(
    name="evalml",
    about="card pay-ins in 164 currencies; some are withdrawn and refused",
    bodies={PAY_IN: (Flow.PAYIN, make_payin)},
)
