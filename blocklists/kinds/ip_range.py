"""IP networks (CIDR). Every network that holds the address is looked up by name: docs/decisions/0010."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import ip


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return ip.containing_networks(payment.ip) if payment.ip and ip.is_valid(payment.ip) else ()


KIND = Kind(
    list_type=ListType.IP_RANGE,
    flows=BOTH_FLOWS,
    normalize=ip.validate_network,
    compact=ip.compact_network,
    find_candidates=_find_candidates,
)
