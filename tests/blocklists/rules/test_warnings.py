"""What somebody should have thought of before a value goes on a list."""

import pytest

from blocklists.rules.warnings import EntryWarning, list_warnings
from blocklists.types import ListType

OWN = ("646180115000009034", "GB82WEST12345698765432", "pagos.banco.mx")


@pytest.mark.parametrize(
    ("list_type", "value", "expected"),
    [
        (ListType.CLABE, "646180115000009034", True),
        (ListType.CLABE, "646180115000009035", False),
        (ListType.IBAN, "GB82WEST12345698765432", True),
        (ListType.EMAIL, "ana@pagos.banco.mx", True),
        (ListType.EMAIL, "ana@eu.pagos.banco.mx", True),
        (ListType.EMAIL, "ana@banco.mx", False),
        (ListType.EMAIL_DOMAIN, "pagos.banco.mx", True),
        (ListType.EMAIL_DOMAIN, "banco.mx", True),
        (ListType.EMAIL_DOMAIN, "eu.pagos.banco.mx", True),
        (ListType.EMAIL_DOMAIN, "otro.banco.mx", False),
        (ListType.CUSTOMER_ID, "646180115000009034", False),
    ],
)
def test_what_would_meet_the_organizations_own_is_warned_of(list_type: ListType, value: str, expected: bool) -> None:
    assert list_warnings(list_type, value, own=OWN) == ((EntryWarning.OWN,) if expected else ())


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("10.0.0.0/8", False),
        ("10.0.0.0/7", True),
        ("2001::/19", False),
        ("2000::/18", True),
        ("10.0.0.0/24", False),
    ],
)
def test_a_wide_network_is_warned_of(network: str, expected: bool) -> None:
    assert list_warnings(ListType.IP_RANGE, network, own=()) == ((EntryWarning.WIDE,) if expected else ())
