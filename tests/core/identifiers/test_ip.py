"""IP: one form per address and network; the networks that hold an address."""

import ipaddress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.identifiers import ip
from core.identifiers.errors import InvalidShape


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" 201.150.10.22\n", "201.150.10.22"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("::ffff:a01:203", "10.1.2.3"),
        ("::1.2.3.4", "::102:304"),
        ("::", "::"),
    ],
)
def test_one_address_has_one_form(written: str, canonical: str) -> None:
    assert ip.validate(written) == ip.compact(written) == canonical
    assert ip.is_valid(written)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4:80",
        "[::1]",
        "fe80::1%eth0",
        "1.2.3.4/32",
        "16909060",
        "\u0661.2.3.4",
    ],
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(InvalidShape):
        ip.validate(value)
    assert not ip.is_valid(value)
    assert ip.compact(value) == value


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" 10.1.2.3/8 ", "10.0.0.0/8"),
        ("10.1.2.3/32", "10.1.2.3/32"),
        ("10.1.2.3/0", "0.0.0.0/0"),
        ("2001:db8:1::5/32", "2001:db8::/32"),
        ("::1/64", "::/64"),
        ("::1/128", "::1/128"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::ffff:10.1.2.3/96", "0.0.0.0/0"),
        ("::ffff:10.1.2.3/95", "::fffe:0:0/95"),
    ],
)
def test_a_network_loses_its_host_bits(written: str, canonical: str) -> None:
    assert ip.validate_network(written) == ip.compact_network(written) == canonical
    assert ip.is_valid_network(written)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/",
        "/8",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/ 8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/8/8",
        "10.0.0.0/\u0668",
        "::/129",
        "fe80::%eth0/10",
        "10/8",
    ],
)
def test_what_is_no_cidr_is_refused(value: str) -> None:
    with pytest.raises(InvalidShape):
        ip.validate_network(value)
    assert not ip.is_valid_network(value)


def test_a_v4_address_lies_in_33_networks_the_narrowest_first() -> None:
    networks = ip.containing_networks("::ffff:201.150.10.22")
    assert len(networks) == len(set(networks)) == 33
    assert networks[:2] == ("201.150.10.22/32", "201.150.10.22/31")
    assert networks[24:26] == ("201.0.0.0/8", "200.0.0.0/7")
    assert networks[-1] == "0.0.0.0/0"


def test_what_is_no_address_lies_in_no_network() -> None:
    with pytest.raises(InvalidShape):
        ip.containing_networks("10.0.0.0/8")


addresses = st.ip_addresses()


@settings(max_examples=150, deadline=None)
@given(addresses)
@example(ipaddress.ip_address("::1.2.3.4"))
@example(ipaddress.ip_address("::1:0"))
@example(ipaddress.ip_address("1:0:0:2:0:0:3:4"))
@example(ipaddress.ip_address("1:0:2:3:4:5:6:7"))
def test_every_containing_network_is_a_canonical_network_that_holds_the_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    canonical = ip.validate(str(address))
    assert ip.validate(canonical) == canonical
    networks = ip.containing_networks(canonical)
    for bits, network in enumerate(reversed(networks)):
        parsed = ipaddress.ip_network(f"{canonical}/{bits}", strict=False)
        assert network == str(parsed)
        assert not isinstance(address, ipaddress.IPv4Address) or ip.validate_network(network) == network


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(), max_size=45), st.from_regex(r"[0-9a-fA-F:.]{2,40}(/[0-9]{1,4})?", fullmatch=True)
    )
)
def test_any_text_is_read_or_refused(value: str) -> None:
    assert ip.compact(ip.compact(value)) == ip.compact(value)
    assert ip.compact_network(ip.compact_network(value)) == ip.compact_network(value)
    if ip.is_valid(value):
        assert ip.validate(ip.validate(value)) == ip.compact(value)
    if ip.is_valid_network(value):
        assert ip.validate_network(ip.validate_network(value)) == ip.compact_network(value)
