"""The client's own hashes of accounts."""

from blocklists.kinds import opaque
from blocklists.kinds.kind import PAYOUT, Kind, only
from blocklists.types import ListType, PaymentIdentifiers


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.account_hash)


KIND = Kind(
    list_type=ListType.ACCOUNT_HASH,
    flows=PAYOUT,
    normalize=opaque.validate,
    compact=opaque.compact,
    find_candidates=_find_candidates,
)
