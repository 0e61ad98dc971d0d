"""Networks of a threat list, in the form under which addresses are looked up, and which of them are refused."""

import socket
from bisect import bisect_right
from ipaddress import ip_network

from core.identifiers import ip
from feeds.rules.refusal import EntryRefused, Refusal

WIDEST_V4 = 8
"""A network wider than /8 is more than one in 256 of all addresses: a mistake or malice, never a threat list's."""
WIDEST_V6 = 16

# What a bank's own callers come from: private, shared, loopback and link-local networks (RFC 6890 and 4193). A list
# that names them (bogon lists do) would flag the bank itself.
_INTERNAL = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "::/127", "fc00::/7", "fe80::/10",
)  # fmt: skip


def _list_spans(version: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    networks = sorted(network for network in map(ip_network, _INTERNAL) if network.version == version)
    return (
        tuple(int(network.network_address) for network in networks),
        tuple(int(network.broadcast_address) for network in networks),
    )


_V4, _V6 = _list_spans(4), _list_spans(6)


def read_network(text: str) -> str:
    """Return an address or a network as canonical CIDR; a single address becomes a /32 or /128.

    Raises EntryRefused.
    """
    address, slash, prefix = text.partition("/")
    try:
        packed = socket.inet_pton(socket.AF_INET, address)
    except (OSError, ValueError):
        return _read_other(text)
    if not slash:
        bits = 32
    elif prefix.isascii() and prefix.isdigit() and len(prefix) <= 2 and int(prefix) <= 32:
        bits = int(prefix)
    else:
        raise EntryRefused(Refusal.UNREADABLE)
    number = int.from_bytes(packed) & ((1 << 32) - (1 << (32 - bits)))
    _require_sound(number, number + (1 << (32 - bits)) - 1, is_too_wide=bits < WIDEST_V4, spans=_V4)
    return f"{socket.inet_ntoa(number.to_bytes(4))}/{bits}"


def _read_other(text: str) -> str:
    """Read v6, and whatever else the identifiers of payments are read as; a v4-mapped one is v4."""
    canonical = ip.compact_network(text if "/" in text else f"{text}/128")
    if not ip.is_valid_network(canonical):
        raise EntryRefused(Refusal.UNREADABLE)
    network = ip_network(canonical)
    widest, spans = (WIDEST_V4, _V4) if network.version == 4 else (WIDEST_V6, _V6)
    first, last = int(network.network_address), int(network.broadcast_address)
    _require_sound(first, last, is_too_wide=network.prefixlen < widest, spans=spans)
    return canonical


def _require_sound(first: int, last: int, *, is_too_wide: bool, spans: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    if is_too_wide:
        raise EntryRefused(Refusal.TOO_WIDE)
    starts, ends = spans
    place = bisect_right(starts, last) - 1
    if place >= 0 and ends[place] >= first:
        raise EntryRefused(Refusal.INTERNAL)
