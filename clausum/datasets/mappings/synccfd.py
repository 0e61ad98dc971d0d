"""Synthetic credit-card fraud: cards present and not present, four scenarios, such as stolen cards and terminals."""

from clausum.datasets.mappings.mapping import DatasetMapping, make_payin
from clausum.datasets.rows import PAY_IN
from transactions.types import Flow

MAPPING = DatasetMapping(
    name="synccfd",
    about="card pay-ins; frauds are stolen cards, compromised cards and terminals, high amounts",
    bodies={PAY_IN: (Flow.PAYIN, make_payin)},
)
