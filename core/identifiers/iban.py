"""IBAN (ISO 13616): country (2), check digits (2), the country's own account number.

Lengths and structures come from the SWIFT IBAN registry as python-stdnum ships it.
A length or alphabet that the country does not use is a wrong shape. National check
digits inside the account number are not judged: ISO 13616 knows only mod 97.
"""

import re
from functools import lru_cache

from stdnum import numdb
from stdnum.iso7064 import mod_97_10

from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer
from core.identifiers.text import upper_ascii, without_spaces

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_FIELD = re.compile(r"([1-9][0-9]*)!([nac])")
_ALPHABETS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


@lru_cache(maxsize=1024)
def _structure(country_code: str) -> re.Pattern[str] | None:
    """Return the pattern of the country's account numbers, None when it has no IBAN."""
    properties = numdb.get("iban").info(country_code)[0][1]
    if "bban" not in properties:
        return None
    fields = _FIELD.findall(properties["bban"])
    return re.compile("".join(f"{_ALPHABETS[kind]}{{{length}}}" for length, kind in fields))


def compact(value: str) -> str:
    """Return the value in upper case without white space."""
    return upper_ascii(without_spaces(value))


def _require_shape(number: str) -> None:
    """Check the number against ISO 13616 and against the structure of its country."""
    if not _SHAPE.fullmatch(number):
        raise InvalidShape("An IBAN has two letters, two digits and 11 to 30 letters or digits.")
    structure = _structure(number[:2])
    if structure is None:
        raise UnknownIssuer("The IBAN's country is not in the IBAN registry.")
    if not structure.fullmatch(number, 4):
        raise InvalidShape("The IBAN has not the length or structure of its country.")


def validate(value: str) -> str:
    """Return the IBAN in upper case without spaces.

    Raises:
        InvalidShape: wrong length or alphabet, in general or for this country.
        UnknownIssuer: a country without IBANs.
        InvalidCheckDigit: the two check digits do not fit.
    """
    number = compact(value)
    _require_shape(number)
    # ISO 7064 gives 02 to 98; 00, 01 and 99 are congruent to them but never issued.
    in_range = "02" <= number[2:4] <= "98"
    if not in_range or mod_97_10.checksum(number[4:] + number[:4]) != 1:
        raise InvalidCheckDigit("The check digits of the IBAN are wrong.")
    return number


def is_valid(value: str) -> bool:
    """Tell whether the value is an IBAN with the right structure and check digits."""
    try:
        validate(value)
    except InvalidIdentifier:
        return False
    return True


def country(value: str) -> str:
    """Return the IBAN's country, also when the check digits are wrong.

    Raises:
        InvalidShape, UnknownIssuer: as :func:`validate`.
    """
    number = compact(value)
    _require_shape(number)
    return number[:2]
