"""Values of an import in their canonical form: by the kind's own rule, or by a shorter one where both agree."""

import re
from collections.abc import Callable

from blocklists.kinds.table import KINDS
from blocklists.types import ListType

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}", re.ASCII)
_CLABE = re.compile(r"[0-9]{18}", re.ASCII)
_IP_TYPES = frozenset({ListType.IP_ADDRESS, ListType.IP_RANGE})


def normalize_fast(list_type: ListType, value: str) -> str:
    """Return what `kinds.table.normalize` returns, and raise what it raises, in less time for the usual forms."""
    return _NORMALIZERS[list_type](value)


def _normalize_ip(value: str) -> str:
    return value if _IPV4.fullmatch(value) else _SLOW_IP(value)


def _normalize_clabe(value: str) -> str:
    return value if _CLABE.fullmatch(value) else _SLOW_CLABE(value)


_SLOW_IP = KINDS[ListType.IP_ADDRESS].normalize
_SLOW_CLABE = KINDS[ListType.CLABE].normalize
_NORMALIZERS: dict[ListType, Callable[[str], str]] = {
    **{list_type: kind.normalize for list_type, kind in KINDS.items()},
    ListType.IP_ADDRESS: _normalize_ip,
    ListType.CLABE: _normalize_clabe,
}


def choose_type(value: str, *, fixed: ListType | None) -> ListType | None:
    """Return the type of a value whose row names none: the file's, or what its shape shows; None when it shows none.

    Of a list of addresses some are networks (FireHOL mixes them), so there the shape decides between the two.
    """
    if fixed in _IP_TYPES:
        return ListType.IP_RANGE if "/" in value else ListType.IP_ADDRESS
    return fixed or _guess_type(value)


def _guess_type(value: str) -> ListType | None:
    if "@" in value:
        return ListType.EMAIL
    if _CLABE.fullmatch(value):
        return ListType.CLABE
    if "/" in value:
        return ListType.IP_RANGE
    if ":" in value or value.replace(".", "").isdecimal():
        return ListType.IP_ADDRESS
    return ListType.EMAIL_DOMAIN if "." in value else None
