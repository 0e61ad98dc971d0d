"""The entries of the lists: all fifteen types, each value in its normal form, a few of them people of the data set."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.dataset.people import is_foreign, make_clabe, make_email, make_iban
from blocklists.types import FlowScope, ListType, Severity, default_scope

KNOWN_EVERY = 211
"""One account and one payer in so many is on a list, as `review` or `flag`: some of what is asked about is met."""
_KNOWN_SHARE = 0.002
_SPREAD = 2_654_435_761
"""Knuth's multiplier: odd, so that it takes each number below a power of two to another one."""
_HOME_NETWORKS = frozenset({187, 189})
"""Where the people of the data set are."""
_COUNTRIES = ("AF", "BY", "CF", "CU", "ER", "HT", "IR", "KP", "LY", "ML", "MM", "SD", "SO", "SS", "SY", "YE")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, its value in normal form."""

    list_type: ListType
    value: str
    flow_scope: FlowScope
    severity: Severity


def _address(number: int) -> str:
    if number % 10 == 9:
        return str(ipaddress.IPv6Address((0x2001_0DB8 << 96) | number))
    spread = number * _SPREAD % 2**32
    first = spread >> 24
    first = first + 1 if first in _HOME_NETWORKS else first
    return f"{first}.{spread >> 16 & 255}.{spread >> 8 & 255}.{spread & 255}"


def _network(number: int) -> str:
    if number % 10 == 9:
        return f"2001:db8:{number % 65_535 + 1:x}::/48"
    spread = number * _SPREAD % 2**24
    first = spread >> 16
    first = first + 1 if first in _HOME_NETWORKS else first
    return f"{first}.{spread >> 8 & 255}.{spread & 255}.0/24"


def _letters(number: int, length: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in range(length))


_MAKERS: dict[ListType, tuple[float, Callable[[int], str]]] = {
    ListType.EMAIL: (0.22, lambda number: f"fraude{number}@buzon{number % 4999}.mx"),
    ListType.EMAIL_DOMAIN: (0.08, lambda number: f"engano-{number}.com"),
    ListType.IP_ADDRESS: (0.20, _address),
    ListType.IP_RANGE: (0.08, _network),
    ListType.DEVICE_FINGERPRINT: (0.12, lambda number: f"fp-x{number:012x}"),
    ListType.CARD_BIN: (0.01, lambda number: f"5{number % 10_000_000:07d}"),
    ListType.CARD_HASH: (0.08, lambda number: f"hash-x{number:014x}"),
    ListType.COUNTRY: (0.0, lambda number: _COUNTRIES[number]),
    ListType.PHONE: (0.06, lambda number: f"+5281{10_000_000 + number:08d}"),
    ListType.CUSTOMER_ID: (0.03, lambda number: f"burned-{number:09d}"),
    ListType.CLABE: (0.06, lambda number: make_clabe(50_000_000 + number)),
    ListType.IBAN: (0.02, lambda number: make_iban(50_000_000 + number)),
    ListType.ACCOUNT_HASH: (0.02, lambda number: f"account-x{number:014x}"),
    ListType.SWIFT_BIC: (0.005, lambda number: f"{_letters(number, 4)}PA{_letters(number // 26**4, 2)}XXX"),
    ListType.BENEFICIARY_ID: (0.015, lambda number: f"payee-x{number:09d}"),
}
_SCOPES = (None, None, None, None, None, None, None, FlowScope.BOTH)
_SEVERITIES = (Severity.BLOCK, Severity.BLOCK, Severity.BLOCK, Severity.FLAG, Severity.REVIEW)


def list_entries(count: int) -> Iterator[Entry]:
    """Yield that many entries, no two alike; from a hundred entries on, every type is among them."""
    known = max(1, round(count * _KNOWN_SHARE))
    counts = {list_type: max(1, int(count * share)) for list_type, (share, _) in _MAKERS.items()}
    counts[ListType.COUNTRY] = min(len(_COUNTRIES), max(1, count // 50))
    counts[ListType.EMAIL] += count - known - sum(counts.values())
    yield from _list_known(known)
    for list_type, number in counts.items():
        make = _MAKERS[list_type][1]
        for place in range(number):
            scope = _SCOPES[place % len(_SCOPES)] or default_scope(list_type)
            yield Entry(list_type, make(place), scope, _SEVERITIES[place % len(_SEVERITIES)])


def _list_known(count: int) -> Iterator[Entry]:
    """Yield entries that name people of the data set, accounts and payers in turn."""
    severities = (Severity.REVIEW, Severity.REVIEW, Severity.FLAG)
    for place in range(count):
        number, severity = place // 2 * KNOWN_EVERY, severities[place % len(severities)]
        if place % 2:
            yield Entry(ListType.EMAIL, make_email(number), FlowScope.PAYIN, severity)
        elif is_foreign(number):
            yield Entry(ListType.IBAN, make_iban(number), FlowScope.PAYOUT, severity)
        else:
            yield Entry(ListType.CLABE, make_clabe(number), FlowScope.PAYOUT, severity)
