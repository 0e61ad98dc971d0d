"""Device fingerprints, as the SDK or the client makes them."""

from blocklists.kinds import opaque
from blocklists.kinds.kind import BOTH_FLOWS, Kind, only
from blocklists.types import ListType, PaymentIdentifiers


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.device_fingerprint)


KIND = Kind(
    list_type=ListType.DEVICE_FINGERPRINT,
    flows=BOTH_FLOWS,
    normalize=opaque.validate,
    compact=opaque.compact,
    find_candidates=_find_candidates,
)
