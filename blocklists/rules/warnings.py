"""What somebody should have thought of before a value goes on a list."""

import ipaddress
from collections.abc import Collection
from enum import StrEnum

from blocklists.types import ListType
from core.identifiers import email

WIDEST_V4 = 8
WIDEST_V6 = 19
"""Prefixes shorter than these hold a whole registry's or a large provider's addresses (RFC 6177 gives a site a /48)."""


class EntryWarning(StrEnum):
    OWN = "own"
    WIDE = "wide"


def list_warnings(list_type: ListType, value: str, *, own: Collection[str]) -> tuple[EntryWarning, ...]:
    """Return what is to be said of a canonical value; `own` are the organization's CLABEs, IBANs and domains."""
    said = {
        EntryWarning.OWN: _is_own(list_type, value, own),
        EntryWarning.WIDE: list_type is ListType.IP_RANGE and _is_wide(value),
    }
    return tuple(warning for warning, is_so in said.items() if is_so)


def _is_own(list_type: ListType, value: str, own: Collection[str]) -> bool:
    """Say whether the entry would meet something of the organization's own."""
    if list_type in {ListType.CLABE, ListType.IBAN}:
        return value in own
    if list_type is ListType.EMAIL:
        return not set(email.registrable_parents(email.domain_of(value))).isdisjoint(own)
    if list_type is ListType.EMAIL_DOMAIN:
        below = email.registrable_parents(value)
        return any(each in below or value in email.registrable_parents(each) for each in own)
    return False


def _is_wide(value: str) -> bool:
    network = ipaddress.ip_network(value)
    return network.prefixlen < (WIDEST_V4 if network.version == 4 else WIDEST_V6)
