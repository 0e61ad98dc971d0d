"""IP addresses and networks (CIDR), v4 and v6.

A v4 address inside v6 (``::ffff:a.b.c.d``) is the same address as v4, so that a list
meets it in either dress. Zone ids, ports, brackets and netmasks are not read.
"""

import ipaddress
import re
import socket
from functools import lru_cache

from core.identifiers.errors import InvalidShape

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PREFIX = re.compile(r"[0-9]{1,3}")
_MAPPED_BITS = 96
_V4_MASKS = tuple(((1 << 32) - (1 << (32 - n)), f"/{n}") for n in range(32, -1, -1))
_V6_MASKS = tuple(((1 << 128) - (1 << (128 - n)), f"/{n}") for n in range(128, -1, -1))


def _parse_as_written(text: str) -> Address | None:
    """Return the address, None when the text is none."""
    try:
        if ":" not in text:
            return ipaddress.IPv4Address(text)
        return None if "%" in text else ipaddress.IPv6Address(text)
    except ValueError:
        return None


def _parse(value: str) -> Address | None:
    """Return the address, a v4-mapped one as v4; None when the value is none."""
    address = _parse_as_written(value.strip())
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def _require(value: str) -> Address:
    address = _parse(value)
    if address is None:
        raise InvalidShape("This is no IP address.")
    return address


def compact(value: str) -> str:
    """Return the address as RFC 5952 writes it; trimmed only when it is none."""
    address = _parse(value)
    return value.strip() if address is None else str(address)


def validate(value: str) -> str:
    """Return the canonical address.

    Raises:
        InvalidShape: no IP address.
    """
    return str(_require(value))


def is_valid(value: str) -> bool:
    """Tell whether the value is an IP address."""
    return _parse(value) is not None


def _parse_network(value: str) -> str | None:
    """Return the canonical CIDR text, None when the value is none."""
    text, _, prefix = value.strip().partition("/")
    address = _parse_as_written(text)
    if address is None or not _PREFIX.fullmatch(prefix):
        return None
    bits = int(prefix)
    if bits > address.max_prefixlen:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None and bits >= _MAPPED_BITS:
        address, bits = mapped, bits - _MAPPED_BITS
    return str(ipaddress.ip_network((address.packed, bits), strict=False))


def compact_network(value: str) -> str:
    """Return the CIDR with its host bits cleared; trimmed only when it is none."""
    return _parse_network(value) or value.strip()


def validate_network(value: str) -> str:
    """Return the canonical CIDR: host bits cleared, v4-mapped /96 and longer as v4.

    Raises:
        InvalidShape: no CIDR; a single address without a slash is none.
    """
    network = _parse_network(value)
    if network is None:
        raise InvalidShape("A network is written as CIDR, like 10.0.0.0/8.")
    return network


def is_valid_network(value: str) -> bool:
    """Tell whether the value is a CIDR."""
    return _parse_network(value) is not None


@lru_cache(maxsize=4096)
def containing_networks(ip: str) -> tuple[str, ...]:
    """Return every CIDR that holds the address, the narrowest first: 33, or 129 for v6.

    Raises:
        InvalidShape: no IP address.
    """
    address = _require(ip)
    number = int(address)
    if isinstance(address, ipaddress.IPv4Address):
        return tuple([_v4_text(number & mask) + suffix for mask, suffix in _V4_MASKS])
    return tuple([_v6_text(number & mask) + suffix for mask, suffix in _V6_MASKS])


def _v4_text(number: int) -> str:
    return socket.inet_ntoa(number.to_bytes(4))


def _v6_text(number: int) -> str:
    """Return what ``str(IPv6Address(number))`` returns, several times as fast."""
    text = socket.inet_ntop(socket.AF_INET6, number.to_bytes(16))
    # inet_ntop writes ::a.b.c.d where ipaddress writes two groups in hexadecimal.
    return str(ipaddress.IPv6Address(number)) if "." in text else text
