"""IP networks (CIDR). Every network that holds the address is looked up by name: docs/decisions/0010."""

from blocklists.kinds.kind import BOTH_FLOWS, Kind
from blocklists.types import ListType, PaymentIdentifiers
from core.identifiers import ip
from core.identifiers.errors import InvalidShape

_EVERYTHING = "/0"


def _find_candidates(payment: PaymentIdentifiers) -> tuple[str, ...]:
    return ip.containing_networks(payment.ip) if payment.ip and ip.is_valid(payment.ip) else ()


def _normalize(value: str) -> str:
    """Return the canonical CIDR; raises InvalidShape, also for all addresses that there are."""
    network = ip.validate_network(value)
    if network.endswith(_EVERYTHING):
        raise InvalidShape("A network of all addresses (/0) would meet every payment and cannot be listed.")
    return network


KIND = Kind(
    list_type=ListType.IP_RANGE,
    flows=BOTH_FLOWS,
    normalize=_normalize,
    compact=ip.compact_network,
    find_candidates=_find_candidates,
)
