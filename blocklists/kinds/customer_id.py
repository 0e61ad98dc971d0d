"""The client's own names for its customers."""

from blocklists.kinds import opaque
from blocklists.kinds.kind import BOTH_FLOWS, Kind, only
from blocklists.types import ListType, PaymentIdentifiers


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.customer_id)


KIND = Kind(
    list_type=ListType.CUSTOMER_ID,
    flows=BOTH_FLOWS,
    normalize=opaque.validate,
    compact=opaque.compact,
    find_candidates=_find_candidates,
)
