"""Fetching from the Internet what people name, without letting them reach what only this server can.

The name is resolved once, every address it gives must be a public one, and the connection is made to such an address
itself, so that a second answer of the name server changes nothing. TLS still asks for, and checks, the name. There are
no redirects, no proxies and no credentials; size and time are bounded.
"""

import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpcore

from core.clock import read_monotonic_ms

type Resolver = Callable[[str, int], Iterable[str]]

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
USER_AGENT = b"Clausum-feeds"
_PORTS = frozenset({443, 8443})

# Ways to write a v4 address inside v6 that the network would take to it (RFC 6052, 8215, 3056, 4380).
_TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


class FetchFault(StrEnum):
    """Why nothing was fetched."""

    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    ENCODED = "encoded"


class FetchFailed(Exception):
    """Nothing usable came; the text never holds the address or what it said."""

    def __init__(self, fault: FetchFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, and when the server says that it was changed last."""

    content: bytes
    modified_at: datetime | None


def is_fetchable(url: str) -> bool:
    """Say whether the address may be asked at all: https, a name or a public address, a usual port, no credentials."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return False
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password or port not in _PORTS:
        return False
    return url.isascii() and url.isprintable() and " " not in url and _may_be_public(parts.hostname)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))


def is_public(address: str) -> bool:
    """Say whether the whole Internet may be at this address; a v4 one inside v6 never is. Raises ValueError."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped or found.scope_id or any(found in network for network in _TRANSLATED):
            return False
        return found.is_global and not found.is_multicast and not found.is_site_local
    assert isinstance(found, IPv4Address)  # noqa: S101  there are two kinds
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system knows for the name, in its order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the time for all of it, so that nobody can drip for hours."""

    def __init__(self, inner: httpcore.NetworkStream, ends_ms: float) -> None:
        self._inner = inner
        self._ends_ms = ends_ms

    def _left(self, timeout: float | None) -> float:
        left = (self._ends_ms - read_monotonic_ms()) / 1000
        if left <= 0:
            raise FetchFailed(FetchFault.TOO_SLOW)
        return left if timeout is None else min(timeout, left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, self._left(timeout)), self._ends_ms)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to a public address that the name had when it was asked, once."""

    def __init__(self, resolver: Resolver, inner: httpcore.NetworkBackend, ends_ms: float) -> None:
        self._resolver = resolver
        self._inner = inner
        self._ends_ms = ends_ms

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = list(self._resolver(host, port))
        except OSError:
            raise FetchFailed(FetchFault.UNREACHABLE) from None
        if not addresses or not all(map(is_public, addresses)):
            raise FetchFailed(FetchFault.ADDRESS)
        stream = self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)
        return _TimedStream(stream, self._ends_ms)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        raise FetchFailed(FetchFault.ADDRESS)


def fetch(
    url: str,
    *,
    maximum_bytes: int,
    seconds: float,
    resolver: Resolver = resolve,
    backend: httpcore.NetworkBackend | None = None,
    trust: ssl.SSLContext | None = None,
) -> Fetched:
    """Return what the address gives with a GET.

    `resolver`, `backend` and `trust` are for tests. Raises FetchFailed.
    """
    if not is_fetchable(url):
        raise FetchFailed(FetchFault.ADDRESS)
    ends_ms = read_monotonic_ms() + seconds * 1000
    pinned = _PinnedBackend(resolver, backend or httpcore.SyncBackend(), ends_ms)
    with httpcore.ConnectionPool(ssl_context=trust or ssl.create_default_context(), network_backend=pinned) as pool:
        try:
            return _read(pool, url, maximum_bytes)
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError):
            raise FetchFailed(FetchFault.UNREACHABLE) from None
        except httpcore.TimeoutException:
            raise FetchFailed(FetchFault.TOO_SLOW) from None
        except UnicodeError:  # a name that can be none: the resolver and TLS encode its parts
            raise FetchFailed(FetchFault.ADDRESS) from None


def _read(pool: httpcore.ConnectionPool, url: str, maximum_bytes: int) -> Fetched:
    host = urlsplit(url).netloc.encode()
    headers = [(b"Host", host), (b"User-Agent", USER_AGENT), (b"Accept", b"text/*, */*;q=0.1"),
               (b"Accept-Encoding", b"identity")]  # fmt: skip
    timeout = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
    with pool.stream("GET", url, headers=headers, extensions={"timeout": timeout}) as response:
        said = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        _require_sound(response.status, said, maximum_bytes)
        content = bytearray()
        for chunk in response.iter_stream():
            content += chunk
            if len(content) > maximum_bytes:
                raise FetchFailed(FetchFault.TOO_LARGE)
    return Fetched(bytes(content), _read_date(said.get(b"last-modified", "")))


def _require_sound(status: int, said: dict[bytes, str], maximum_bytes: int) -> None:
    if 300 <= status < 400:
        raise FetchFailed(FetchFault.REDIRECT)
    if status != 200:
        raise FetchFailed(FetchFault.STATUS)
    if said.get(b"content-encoding", "identity").lower() not in {"identity", ""}:
        raise FetchFailed(FetchFault.ENCODED)
    length = said.get(b"content-length", "")
    if length.isdigit() and len(length) < 20 and int(length) > maximum_bytes:
        raise FetchFailed(FetchFault.TOO_LARGE)


def _read_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
