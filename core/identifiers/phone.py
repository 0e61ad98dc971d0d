"""Telephone numbers in E.164: plus sign, country code, at most 15 digits.

A leading ``00`` is not read as a plus: it is that in most countries, but in Brazil,
Korea or Australia it begins something else, and a wrong guess is another person's
number. Such a value is refused.
"""

import re

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    ValidationResult,
    format_number,
    is_possible_number_with_reason,
    parse,
)

from core.identifiers.errors import InvalidShape
from core.identifiers.text import without_separators

_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")
_PUNCTUATION = str.maketrans("", "", "().")
# Mexico dropped the mobile prefix 1 on 2019-08-03, but systems still send it.
_OLD_MEXICAN_MOBILE = re.compile(r"\+521([0-9]{10})")


def _strip(value: str) -> str:
    """Return the value without separators, an old Mexican mobile without its 1."""
    digits = without_separators(value).translate(_PUNCTUATION)
    mexican = _OLD_MEXICAN_MOBILE.fullmatch(digits)
    return f"+52{mexican[1]}" if mexican else digits


def _to_e164(digits: str) -> str | None:
    """Return the number in E.164, None when its country could not have assigned it."""
    if not _SHAPE.fullmatch(digits):
        return None
    try:
        number = parse(digits)
    except NumberParseException:
        return None
    # is_possible_number() would let seven local digits after +1 pass too.
    if is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    canonical = format_number(number, PhoneNumberFormat.E164)
    # A number of trunk zeros would lose one more of them with every reading.
    return canonical if canonical == digits or _to_e164(canonical) == canonical else None


def compact(value: str) -> str:
    """Return E.164; what is no possible number only loses its separators."""
    digits = _strip(value)
    return _to_e164(digits) or digits


def validate(value: str) -> str:
    """Return the number in E.164.

    Raises:
        InvalidShape: no plus, or a length that the country does not use.
    """
    number = _to_e164(_strip(value))
    if number is None:
        raise InvalidShape("A telephone number is written in E.164: +, country code, number.")
    return number


def is_valid(value: str) -> bool:
    """Tell whether the value is a number that its country could have assigned."""
    return _to_e164(_strip(value)) is not None
