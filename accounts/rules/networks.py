"""Lists of addresses and networks from which something may be done."""

from collections.abc import Iterable, Sequence

from accounts.types import OrganizationFacts
from core.errors import ValidationFailed
from core.identifiers import ip
from core.identifiers.errors import InvalidIdentifier

MAXIMUM_LIST_LENGTH = 100


def normalize_networks(given: Sequence[str], *, field: str) -> list[str]:
    """Return each address or CIDR once, in canonical form; raises ValidationFailed about `field`."""
    try:
        networks = [ip.validate_network(item) if "/" in item else ip.validate(item) for item in given]
    except InvalidIdentifier as error:
        raise ValidationFailed.of_field(field, str(error)) from None
    return without_duplicates(networks, field=field)


def without_duplicates(items: Iterable[str], *, field: str) -> list[str]:
    """Return each item once, in the order given; raises ValidationFailed when they are too many."""
    unique = list(dict.fromkeys(items))
    if len(unique) > MAXIMUM_LIST_LENGTH:
        raise ValidationFailed.of_field(field, f"may have at most {MAXIMUM_LIST_LENGTH} items")
    return unique


def is_allowed_address(organization: OrganizationFacts, address: str) -> bool:
    """Say whether the organization's people may work from there; an empty list is anywhere."""
    return is_listed(address, networks=organization.allowed_ips)


def is_listed(address: str, *, networks: Sequence[str]) -> bool:
    """Say whether the address, or a network around it, is on a list in canonical form; an empty list has them all."""
    if not networks:
        return True
    return ip.is_valid(address) and not {address, *ip.containing_networks(address)}.isdisjoint(networks)
