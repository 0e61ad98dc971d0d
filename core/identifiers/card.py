"""Payment card numbers (ISO/IEC 7812) and their first digits (BIN).

Card numbers are recognised so that they can be refused: the product never holds one.
"""

import re
import unicodedata

from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer
from core.identifiers.text import without_separators

_SHAPE = re.compile(r"[0-9]{13,19}")
_BIN = re.compile(r"[0-9]{6,8}")
# Mastercard 2221-2720, then 3 (Amex, JCB, Diners), 4 (Visa), 5 (Mastercard),
# 6 (Discover, UnionPay, Maestro, Carnet).
_ISSUER = re.compile(r"[3-6]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720")
_MIN_LENGTH = 13
_NUMBERS = range(10**12, 10**19)
_DOUBLED = {digit: sum(divmod(2 * int(digit), 10)) for digit in "0123456789"}


def compact(value: str) -> str:
    """Return the value without white space and hyphens, foreign digits as ASCII."""
    digits = without_separators(value)
    if digits.isascii():
        return digits
    return "".join(str(unicodedata.decimal(character, character)) for character in digits)


def passes_luhn(digits: str) -> bool:
    """Tell whether the last ASCII digit is the Luhn check digit of the others."""
    single, doubled = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, single)) + sum(map(_DOUBLED.__getitem__, doubled))) % 10 == 0


def validate(value: str) -> str:
    """Return the 13 to 19 digits.

    Raises:
        InvalidShape: not 13 to 19 digits.
        UnknownIssuer: it does not begin like a card.
        InvalidCheckDigit: the Luhn digit is wrong.
    """
    digits = compact(value)
    if not _SHAPE.fullmatch(digits):
        raise InvalidShape("A card number has 13 to 19 digits.")
    if not _ISSUER.match(digits):
        raise UnknownIssuer("No card begins like this number.")
    if not passes_luhn(digits):
        raise InvalidCheckDigit("The check digit of the card number is wrong.")
    return digits


def is_valid(value: str) -> bool:
    """Tell whether the value has a card number's length, beginning and check digit."""
    try:
        validate(value)
    except InvalidIdentifier:
        return False
    return True


def looks_like_card(value: str | int) -> bool:
    """Tell whether the whole value, a string or an integer, could be a card number."""
    if isinstance(value, int):
        return abs(value) in _NUMBERS and is_valid(str(abs(value)))
    # Nearly every string of a request ends here; the long ones mostly in the next line.
    if len(value) < _MIN_LENGTH or value[0].isalpha():
        return False
    return is_valid(value)


def compact_bin(value: str) -> str:
    """Return the BIN trimmed, otherwise as given: it is matched as a prefix."""
    return value.strip()


def validate_bin(value: str) -> str:
    """Return the 6 to 8 digits.

    Raises:
        InvalidShape: not 6 to 8 digits.
    """
    digits = compact_bin(value)
    if not _BIN.fullmatch(digits):
        raise InvalidShape("A BIN has 6 to 8 digits.")
    return digits


def is_valid_bin(value: str) -> bool:
    """Tell whether the value has 6 to 8 digits."""
    return _BIN.fullmatch(compact_bin(value)) is not None
