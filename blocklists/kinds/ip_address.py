"""IP addresses, v4 and v6; a v4-mapped one is the v4 address."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind, only
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import ip


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return only(payment.ip)


KIND = Kind(
    list_type=ListType.IP_ADDRESS,
    flows=BOTH_FLOWS,
    normalize=ip.validate,
    compact=ip.compact,
    find_candidates=_find_candidates,
)
