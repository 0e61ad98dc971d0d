"""Web origins as a browser sends them: `scheme://host[:port]` (RFC 6454 §6.2)."""

import re
from ipaddress import AddressValueError, IPv6Address

from core.identifiers.email import compact_domain
from core.identifiers.errors import InvalidShape

_FORM = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|[^\s/?#@:\[\]\\*]+)(?::(?P<port>[0-9]{1,5}))?"
)
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAXIMUM_LENGTH = 255
_MAXIMUM_PORT = 65535


def normalize_origin(value: str) -> str:
    """Return the origin in lower case, its host in ASCII, without the scheme's default port, which browsers leave out.

    Raises InvalidShape for anything else: a path, a wildcard, `null`.
    """
    found = _FORM.fullmatch(value.strip().lower())
    if found is None:
        raise _refuse()
    origin = f"{found['scheme']}://{_normalize_host(found['host'])}{_normalize_port(found['scheme'], found['port'])}"
    if len(origin) > _MAXIMUM_LENGTH:
        raise _refuse()
    return origin


def _normalize_host(host: str) -> str:
    if host.startswith("["):
        return f"[{_normalize_ipv6(host[1:-1])}]"
    ascii_host = compact_domain(host)
    if not _HOST.fullmatch(ascii_host):
        raise _refuse()
    return ascii_host


def _normalize_ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise _refuse() from None


def _normalize_port(scheme: str, port: str | None) -> str:
    if port is None or int(port) == _DEFAULT_PORTS.get(scheme):
        return ""
    if not 1 <= int(port) <= _MAXIMUM_PORT:
        raise _refuse()
    return f":{int(port)}"


def _refuse() -> InvalidShape:
    return InvalidShape("An origin is written scheme://host[:port], without a path or a wildcard.")
