"""Where a request comes from."""

from typing import Any

import pytest
from django.test import RequestFactory

from core.api.addresses import is_in_networks, read_client_address

PROXIES = ["10.0.0.0/8", "::1"]


def _read(*, peer: str, forwarded: str | None = None) -> str:
    extra: dict[str, Any] = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return read_client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **extra))


@pytest.mark.parametrize("forwarded", [None, "203.0.113.9", "10.0.0.1"])
def test_without_trusted_proxies_the_connection_s_address_counts(settings: Any, forwarded: str | None) -> None:
    settings.TRUSTED_PROXIES = []
    assert _read(peer="192.0.2.7", forwarded=forwarded) == "192.0.2.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("::1", " 2001:DB8::9 ", "2001:db8::9"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, unknown", ""),
        ("10.0.0.1", "203.0.113.9, <script>", ""),
    ],
)
def test_forwarded_addresses_are_walked_as_far_as_trust_reaches(
    settings: Any, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    assert _read(peer=peer, forwarded=forwarded) == address


def test_a_unix_socket_has_no_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = []
    assert _read(peer="") == ""


@pytest.mark.parametrize(
    ("address", "networks", "inside"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8",), False),
        ("192.0.2.7", ("10.0.0.0/8", "192.0.2.7"), True),
        ("2001:db8::9", ("2001:db8::/32",), True),
        ("2001:db8::9", ("0.0.0.0/0",), False),
        ("", ("0.0.0.0/0",), False),
        ("unknown", ("0.0.0.0/0", "::/0"), False),
    ],
)
def test_networks(address: str, networks: tuple[str, ...], inside: bool) -> None:
    assert is_in_networks(address, networks) is inside
