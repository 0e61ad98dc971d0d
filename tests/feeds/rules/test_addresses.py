"""Networks of threat lists: one canonical form, and what would flag everybody or the bank itself is refused."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import ip
from feeds.rules.addresses import read_network
from feeds.rules.refusal import EntryRefused, Refusal


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("8.0.0.0/8", "8.0.0.0/8"),
        ("2001:DB8::1", "2001:db8::1/128"),
        ("2001:db8:0:0::/32", "2001:db8::/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ],
)
def test_addresses_and_networks_have_one_form(text: str, canonical: str) -> None:
    assert read_network(text) == canonical


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("0.0.0.0/0", Refusal.TOO_WIDE),
        ("::/0", Refusal.TOO_WIDE),
        ("8.0.0.0/7", Refusal.TOO_WIDE),
        ("2000::/3", Refusal.TOO_WIDE),
        ("::ffff:0:0/96", Refusal.TOO_WIDE),
        ("10.1.2.3", Refusal.INTERNAL),
        ("172.31.255.255", Refusal.INTERNAL),
        ("192.168.0.0/16", Refusal.INTERNAL),
        ("192.0.0.0/8", Refusal.INTERNAL),
        ("127.0.0.1", Refusal.INTERNAL),
        ("169.254.169.254", Refusal.INTERNAL),
        ("100.64.0.1", Refusal.INTERNAL),
        ("::1", Refusal.INTERNAL),
        ("fd00::1", Refusal.INTERNAL),
        ("fe80::/64", Refusal.INTERNAL),
        ("::ffff:10.0.0.1", Refusal.INTERNAL),
        ("300.1.1.1", Refusal.UNREADABLE),
        ("1.2.3", Refusal.UNREADABLE),
        ("01.2.3.4", Refusal.UNREADABLE),
        ("203.0.113.7/33", Refusal.UNREADABLE),
        ("203.0.113.7/", Refusal.UNREADABLE),
        ("203.0.113.7/+8", Refusal.UNREADABLE),
        ("203.0.113.7/²", Refusal.UNREADABLE),
        ("2001:db8::/129", Refusal.UNREADABLE),
        ("2001:db8::1%eth0", Refusal.UNREADABLE),
        ("example.com", Refusal.UNREADABLE),
        ("", Refusal.UNREADABLE),
    ],
)
def test_what_is_refused_says_why_and_not_what(text: str, refusal: Refusal) -> None:
    with pytest.raises(EntryRefused) as refused:
        read_network(text)
    assert (refused.value.refusal, str(refused.value)) == (refusal, refusal.value)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(8, 32))
def test_a_v4_network_reads_as_the_standard_library_reads_it_or_is_refused(number: int, bits: int) -> None:
    network = ip_network((number, bits), strict=False)
    internal = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"]
    overlaps = [each for each in map(ip_network, [*internal, "192.168.0.0/16"]) if network.overlaps(each)]
    if not overlaps:
        assert read_network(f"{IPv4Address(number)}/{bits}") == str(network)
        return
    with pytest.raises(EntryRefused, match="internal"):
        read_network(f"{IPv4Address(number)}/{bits}")


@settings(deadline=None)
@given(st.integers(2**125, 2**125 + 2**124 - 1), st.integers(16, 128))
def test_every_address_of_a_v6_network_is_looked_up_under_its_form(number: int, bits: int) -> None:
    canonical = read_network(f"{IPv6Address(number)}/{bits}")
    assert canonical in ip.containing_networks(str(IPv6Address(number)))
