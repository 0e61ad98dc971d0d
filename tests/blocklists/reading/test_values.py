import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.kinds.table import normalize
from blocklists.reading.values import choose_type, normalize_fast
from blocklists.types import ListType
from core.identifiers.errors import InvalidIdentifier

_ANY = st.text(max_size=40)
_NEAR_IP = st.one_of(
    st.ip_addresses().map(str),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", fullmatch=True),
    st.from_regex(r"[0-9.\s:/\u0660-\u0669]{1,20}", fullmatch=True),
)
_NEAR_CLABE = st.one_of(
    st.from_regex(r"[0-9]{16,19}", fullmatch=True), st.from_regex(r"[0-9\u0660-\u0669 \-]{17,20}", fullmatch=True)
)


def _try(function: object, list_type: ListType, value: str) -> tuple[str, str]:
    try:
        return "", function(list_type, value)  # type: ignore[operator]
    except InvalidIdentifier as error:
        return type(error).__name__, str(error)


@given(list_type=st.sampled_from(ListType), value=st.one_of(_ANY, _NEAR_IP, _NEAR_CLABE))
def test_the_short_way_and_the_long_one_agree(list_type: ListType, value: str) -> None:
    assert _try(normalize_fast, list_type, value) == _try(normalize, list_type, value)


@given(st.ip_addresses(v=4))
def test_every_v4_address_stays_as_it_is(address: ipaddress.IPv4Address) -> None:
    assert normalize_fast(ListType.IP_ADDRESS, str(address)) == str(address)


@pytest.mark.parametrize(
    ("value", "fixed", "chosen"),
    [
        ("203.0.113.9", None, ListType.IP_ADDRESS),
        ("2001:db8::1", None, ListType.IP_ADDRESS),
        ("203.0.113.0/24", None, ListType.IP_RANGE),
        ("203.0.113.0/24", ListType.IP_ADDRESS, ListType.IP_RANGE),
        ("203.0.113.9", ListType.IP_RANGE, ListType.IP_ADDRESS),
        ("a@example.com", None, ListType.EMAIL),
        ("mailinator.com", None, ListType.EMAIL_DOMAIN),
        ("646180115000000000", None, ListType.CLABE),
        ("646180115000000000", ListType.CUSTOMER_ID, ListType.CUSTOMER_ID),
        ("whatever", None, None),
    ],
)
def test_a_row_without_a_type_has_the_files_or_the_one_its_shape_shows(
    value: str, fixed: ListType | None, chosen: ListType | None
) -> None:
    assert choose_type(value, fixed=fixed) is chosen
