"""The canonical form of an entry of each kind: the one under which payments are looked up."""

import re
from collections.abc import Callable

from core.identifiers import country, email, ip
from core.identifiers.errors import InvalidIdentifier
from feeds.rules.addresses import read_network
from feeds.rules.initiators import fold_initiator
from feeds.rules.refusal import EntryRefused, Refusal
from feeds.types import FeedKind

_LABEL = re.compile(r"(?!-)[a-z0-9-]{2,63}(?<!-)")
_LONGEST_NAME = 64


def normalize(kind: FeedKind, text: str) -> str:
    """Return the canonical form of one entry. Raises EntryRefused."""
    return _READERS[kind](text)


def list_forms(kind: FeedKind, text: str) -> tuple[str, ...]:
    """Return under which values a payment with this would be found: an address in each of its networks, a domain also
    under the registered one above it. Raises EntryRefused."""
    given = text.strip()
    if kind is FeedKind.IP_THREAT and ip.is_valid(given):
        return ip.containing_networks(ip.compact(given))
    value = normalize(kind, given)
    return email.registrable_parents(value) if kind is FeedKind.DISPOSABLE_DOMAIN else (value,)


def _read_domain(text: str) -> str:
    try:
        return email.validate_domain(text.removeprefix("*").removeprefix(".").removeprefix("@"))
    except InvalidIdentifier:
        raise EntryRefused(Refusal.UNREADABLE) from None


def _read_tld(text: str) -> str:
    label = email.compact_domain(text.removeprefix("*").removeprefix("."))
    if not _LABEL.fullmatch(label):
        raise EntryRefused(Refusal.UNREADABLE)
    return label


def _read_country(text: str) -> str:
    try:
        return country.validate(text)
    except InvalidIdentifier:
        raise EntryRefused(Refusal.UNREADABLE) from None


def _read_initiator(text: str) -> str:
    name = fold_initiator(text)
    if not name or len(name) > _LONGEST_NAME:
        raise EntryRefused(Refusal.UNREADABLE)
    return name


_READERS: dict[FeedKind, Callable[[str], str]] = {
    FeedKind.IP_THREAT: read_network,
    FeedKind.DISPOSABLE_DOMAIN: _read_domain,
    FeedKind.SUSPICIOUS_TLD: _read_tld,
    FeedKind.RISK_COUNTRY: _read_country,
    FeedKind.GENERIC_INITIATOR: _read_initiator,
}
