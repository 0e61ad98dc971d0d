"""What somebody should have thought of before a value goes on a list."""

import ipaddress
from collections.abc import Collection
from enum import StrEnum

from blocklists.types import ListType
from core.identifiers import email

WIDEST_V4 = 8
WIDEST_V6 = 19
"""Prefixes shorter than these hold a whole registry's or a large provider's addresses (RFC 6177 gives a site a /48)."""
_ACCOUNTS = frozenset({ListType.CLABE, ListType.IBAN})


class EntryWarning(StrEnum):
    OWN = "own"
    WIDE = "wide"


class OwnIdentifiers:
    """An organization's own CLABEs, IBANs and domains, made ready for a million questions."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = frozenset(own)
        self._ends = tuple(f".{each}" for each in own)

    def __bool__(self) -> bool:
        return bool(self._own)

    def meets(self, list_type: ListType, value: str) -> bool:
        """Say whether an entry of that canonical value would meet something of the organization's own."""
        if list_type is ListType.EMAIL:
            return self._holds(email.domain_of(value))
        if list_type is ListType.EMAIL_DOMAIN:
            return self._holds(value) or any(each.endswith(f".{value}") for each in self._own)
        return list_type in _ACCOUNTS and value in self._own

    def _holds(self, domain: str) -> bool:
        return domain in self._own or domain.endswith(self._ends)


NOTHING_OWN = OwnIdentifiers(())


def list_warnings(list_type: ListType, value: str, *, own: Collection[str]) -> tuple[EntryWarning, ...]:
    """Return what is to be said of a canonical value; `own` are the organization's CLABEs, IBANs and domains."""
    said = {
        EntryWarning.OWN: OwnIdentifiers(own).meets(list_type, value),
        EntryWarning.WIDE: list_type is ListType.IP_RANGE and _is_wide(value),
    }
    return tuple(warning for warning, is_so in said.items() if is_so)


def _is_wide(value: str) -> bool:
    network = ipaddress.ip_network(value)
    return network.prefixlen < (WIDEST_V4 if network.version == 4 else WIDEST_V6)
