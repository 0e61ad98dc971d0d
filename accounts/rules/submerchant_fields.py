"""What is known of a submerchant, in canonical form."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from core.errors import ValidationFailed
from core.identifiers import country as countries
from core.identifiers.errors import InvalidIdentifier

MAXIMUM_EXTERNAL_ID_LENGTH = 128
MAXIMUM_NAME_LENGTH = 200
_MCC = re.compile(r"[0-9]{4}")


class SubmerchantFields(TypedDict, total=False):
    """What may be changed of a submerchant. `country` is ISO 3166-1 alpha-2, `mcc` four digits (ISO 18245)."""

    name: str
    country: str | None
    mcc: str | None
    is_active: bool


def normalize_external_id(given: str) -> str:
    """Return the PSP's own name of a submerchant, trimmed as assess trims it; raises ValidationFailed."""
    return _read_text("external_id", given, longest=MAXIMUM_EXTERNAL_ID_LENGTH)


def normalize_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields given in canonical form, "" for none; raises ValidationFailed naming the first wrong one."""
    readers: dict[str, Callable[[Any], object]] = {"name": _read_name, "country": _read_country, "mcc": _read_mcc}
    return {name: readers[name](given) if name in readers else given for name, given in fields.items()}


def _read_name(given: str) -> str:
    return _read_text("name", given, longest=MAXIMUM_NAME_LENGTH)


def _read_text(field: str, given: str, *, longest: int) -> str:
    text = given.strip()
    if not text or len(text) > longest or not text.isprintable():
        raise ValidationFailed.of_field(field, f"must have 1 to {longest} printable characters")
    return text


def _read_country(given: str | None) -> str:
    if given is None:
        return ""
    try:
        return countries.validate(given)
    except InvalidIdentifier as error:
        raise ValidationFailed.of_field("country", str(error)) from None


def _read_mcc(given: str | None) -> str:
    if given is None:
        return ""
    if not _MCC.fullmatch(given):
        raise ValidationFailed.of_field("mcc", "must have four digits (ISO 18245)")
    return given
