"""Where a request comes from. Forwarded headers count only from proxies that the settings name."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from core.identifiers import ip

type Network = IPv4Network | IPv6Network


def read_client_address(request: HttpRequest) -> str:
    """Return the client's address in canonical form, or "" when there is none (a unix socket).

    X-Forwarded-For is walked from the right only as far as TRUSTED_PROXIES reach (default: none).
    """
    address = ip.compact(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return address
    hops = [ip.compact(part) for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while hops and is_in_networks(address, tuple(settings.TRUSTED_PROXIES)):
        address = hops.pop()
    return address if ip.is_valid(address) else ""


def is_in_networks(address: str, networks: tuple[str, ...]) -> bool:
    """Say whether the address lies in one of the CIDR networks or equals one of the addresses."""
    if not ip.is_valid(address):
        return False
    parsed = ip_address(address)
    return any(parsed in network for network in _parse(networks))


@lru_cache(maxsize=4096)
def _parse(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(network, strict=False) for network in networks)
