"""All list types, in the contract's order."""

from blocklists.kinds import (
    account_hash,
    beneficiary_id,
    card_bin,
    card_hash,
    clabe,
    country,
    customer_id,
    device_fingerprint,
    email,
    email_domain,
    iban,
    ip_address,
    ip_range,
    phone,
    swift_bic,
)
from blocklists.kinds.kind import Kind
from blocklists.types import ListType

_MODULES = (
    email,
    email_domain,
    ip_address,
    ip_range,
    device_fingerprint,
    card_bin,
    card_hash,
    country,
    phone,
    customer_id,
    clabe,
    iban,
    account_hash,
    swift_bic,
    beneficiary_id,
)
KINDS: dict[ListType, Kind] = {module.KIND.list_type: module.KIND for module in _MODULES}


def normalize(list_type: ListType, value: str) -> str:
    """Return the canonical form under which an entry of this type is stored.

    Raises InvalidIdentifier (a ValueError) when the value has not the type's shape; its text never holds the value.
    """
    return KINDS[list_type].normalize(value)


def compact(list_type: ListType, value: str) -> str:
    """Return the value as canonical as it can be; never raises. For matching and searching."""
    return KINDS[list_type].compact(value)
