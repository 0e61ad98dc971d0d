"""BIC (ISO 9362): party (4), country (2), location (2), branch (3, optional).

The first four may be letters or digits: so ISO 9362:2022 and the ISO 20022 type
``BICFIDec2014Identifier`` say, although SWIFT has only assigned letters so far.
Refusing a digit would fail a call that the standard allows. The canonical form
has 11 characters: 8 means the head office, which is branch ``XXX``.
"""

import re

from core.identifiers.country import CODES
from core.identifiers.errors import InvalidIdentifier, InvalidShape, UnknownIssuer
from core.identifiers.text import upper_ascii, without_spaces

_SHAPE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_HEAD_OFFICE = "XXX"


def compact(value: str) -> str:
    """Return the value in upper case without spaces; a BIC of 8 gets its ``XXX``."""
    code = upper_ascii(without_spaces(value))
    return code + _HEAD_OFFICE if len(code) == 8 and _SHAPE.fullmatch(code) else code


def validate(value: str) -> str:
    """Return the BIC in 11 characters.

    Raises:
        InvalidShape: wrong length or alphabet.
        UnknownIssuer: the country code belongs to no country.
    """
    code = compact(value)
    if not _SHAPE.fullmatch(code):
        raise InvalidShape("A BIC has 8 or 11 characters: party, country, location, branch.")
    if code[4:6] not in CODES:
        raise UnknownIssuer("The country code of the BIC belongs to no country.")
    return code


def is_valid(value: str) -> bool:
    """Tell whether the value is a BIC of a known country."""
    try:
        validate(value)
    except InvalidIdentifier:
        return False
    return True


def country(value: str) -> str:
    """Return the ISO alpha-2 code of the BIC's country.

    Raises:
        InvalidShape, UnknownIssuer: as :func:`validate`.
    """
    return validate(value)[4:6]
