"""The sample of a cloud fraud detector for cold starts: BIN, IP, e-mail, phone and user agent; half is unlabelled."""

from clausum.datasets.mappings.mapping import DatasetMapping, make_payin
from clausum.datasets.rows import PAY_IN
from transactions.types import Flow

MAPPING = DatasetMapping(
    name="afd",
    about="online pay-ins with the widest fields; some currencies are withdrawn and refused",
    bodies={PAY_IN: (Flow.PAYIN, make_payin)},
)
