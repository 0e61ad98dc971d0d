"""Where people may work from."""

import pytest

from accounts.rules.networks import is_listed, normalize_networks
from core.errors import ValidationFailed


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("203.0.113.9", True),
        ("203.0.113.255", True),
        ("203.0.114.1", False),
        ("198.51.100.7", True),
        ("198.51.100.8", False),
        ("2001:db8:1::7", True),
        ("2001:db9::7", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_list_lets_in_what_it_has_and_what_lies_in_its_networks(address: str, is_allowed: bool) -> None:
    networks = ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]
    assert is_listed(address, networks=networks) is is_allowed


def test_an_empty_list_lets_everybody_in() -> None:
    assert is_listed("203.0.113.9", networks=[])
    assert is_listed("", networks=[])


def test_everything_is_a_network_too() -> None:
    assert is_listed("203.0.113.9", networks=["0.0.0.0/0"])
    assert not is_listed("2001:db8::1", networks=["0.0.0.0/0"])


def test_networks_are_kept_once_in_canonical_form() -> None:
    given = [" 203.0.113.77/24", "203.0.113.0/24", "::ffff:198.51.100.7", "2001:DB8::/32"]
    assert normalize_networks(given, field="allowed_ips") == ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]


@pytest.mark.parametrize(
    "item", ["", "203.0.113", "203.0.113.0/33", "fe80::1%eth0", "a\x00b", "203.0.113.0/255.255.255.0"]
)
def test_what_is_no_network_is_refused_by_name(item: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        normalize_networks([item], field="allowed_ips")
    assert list(refusal.value.details["fields"]) == ["allowed_ips"]  # type: ignore[call-overload]


def test_a_list_has_an_end() -> None:
    with pytest.raises(ValidationFailed, match="at most 100"):
        normalize_networks([f"10.0.{n}.0/24" for n in range(101)], field="allowed_ips")
