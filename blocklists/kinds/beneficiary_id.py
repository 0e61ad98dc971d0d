"""The client's own names for beneficiaries."""

from blocklists.kinds import opaque
from blocklists.kinds.kind import PAYOUT, Kind, only
from blocklists.types import ListType, PaymentIdentifiers


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.beneficiary_id)


KIND = Kind(
    list_type=ListType.BENEFICIARY_ID,
    flows=PAYOUT,
    normalize=opaque.validate,
    compact=opaque.compact,
    find_candidates=_find_candidates,
)
