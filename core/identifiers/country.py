"""Countries: ISO 3166-1 alpha-2, and XK.

XK (Kosovo) is a user-assigned code, but SWIFT puts it into IBANs and BICs and the
European Union uses it, so payments carry it.
"""

import re
from pathlib import Path

from core.identifiers.errors import InvalidShape, UnknownIssuer
from core.identifiers.text import upper_ascii

_SHAPE = re.compile(r"[A-Z]{2}")
_COUNTRIES = Path(__file__).with_name("data") / "countries.txt"


def _load_codes() -> frozenset[str]:
    """Return all codes of the data file, its comment lines left out."""
    lines = _COUNTRIES.read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


CODES = _load_codes()


def compact(value: str) -> str:
    """Return the value trimmed and in upper case."""
    return upper_ascii(value.strip())


def validate(value: str) -> str:
    """Return the two upper-case letters.

    Raises:
        InvalidShape: not two letters.
        UnknownIssuer: no country has this code.
    """
    code = compact(value)
    if code in CODES:
        return code
    if not _SHAPE.fullmatch(code):
        raise InvalidShape("A country code has two letters (ISO 3166-1 alpha-2).")
    raise UnknownIssuer("No country has this code (ISO 3166-1 alpha-2).")


def is_valid(value: str) -> bool:
    """Tell whether the value is the code of a country, in any case."""
    return compact(value) in CODES
