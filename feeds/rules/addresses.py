"""Networks of a threat list, in the form under which addresses are looked up, and which of them are refused."""

import socket
from bisect import bisect_right
from ipaddress import IPv6Address, ip_network

from feeds.rules.refusal import EntryRefused, Refusal

WIDEST_V4 = 8
"""A network wider than /8 is more than one in 256 of all addresses: a mistake or malice, never a threat list's."""
WIDEST_V6 = 16
_MAPPED, _MAPPED_BITS = 0xFFFF, 96

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

    A v4 address inside v6 is the v4 one, as it is in a payment. Raises EntryRefused.
    """
    address, slash, prefix = text.partition("/")
    number, longest = _read_address(address)
    bits = _read_prefix(prefix, longest) if slash else longest
    if longest == 128 and bits >= _MAPPED_BITS and number >> 32 == _MAPPED:
        number, bits, longest = number & 0xFFFFFFFF, bits - _MAPPED_BITS, 32
    room = longest - bits
    first = number >> room << room
    widest, spans = (WIDEST_V4, _V4) if longest == 32 else (WIDEST_V6, _V6)
    _require_sound(first, first + (1 << room) - 1, is_too_wide=bits < widest, spans=spans)
    return f"{_write(first, longest)}/{bits}"


def _read_address(text: str) -> tuple[int, int]:
    """Return the number and how many bits it has. The system's own reader is several times as fast as ipaddress."""
    family, bits = (socket.AF_INET6, 128) if ":" in text else (socket.AF_INET, 32)
    try:
        return int.from_bytes(socket.inet_pton(family, text)), bits
    except (OSError, ValueError):
        raise EntryRefused(Refusal.UNREADABLE) from None


def _read_prefix(text: str, longest: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= longest):
        raise EntryRefused(Refusal.UNREADABLE)
    return int(text)


def _write(number: int, bits: int) -> str:
    if bits == 32:
        return socket.inet_ntoa(number.to_bytes(4))
    text = socket.inet_ntop(socket.AF_INET6, number.to_bytes(16))
    # inet_ntop writes ::a.b.c.d where ipaddress, by which payments are looked up, writes two groups.
    return str(IPv6Address(number)) if "." in text else text


def _require_sound(first: int, last: int, *, is_too_wide: bool, spans: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    if is_too_wide:
        raise EntryRefused(Refusal.TOO_WIDE)
    starts, ends = spans
    place = bisect_right(starts, last) - 1
    if place >= 0 and ends[place] >= first:
        raise EntryRefused(Refusal.INTERNAL)
