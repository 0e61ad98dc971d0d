"""CLABE, the Mexican account number: bank (3), plaza (3), account (11), check (1).

Check digit and layout: https://es.wikipedia.org/wiki/CLABE and
https://github.com/cuenca-mx/clabe-python. The plaza is never judged: wallets
(646, 722, 728, ...) use its three digits freely.
"""

import csv
import re
from pathlib import Path

from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer
from core.identifiers.text import without_separators

_SHAPE = re.compile(r"[0-9]{18}")
_DATA = Path(__file__).with_name("data")


def _load_banks(file_name: str) -> dict[str, str]:
    """Return three-digit bank code to short name."""
    with (_DATA / file_name).open(encoding="utf-8", newline="") as file:
        return {row["abm"]: row["name"] for row in csv.DictReader(file)}


# A bank that merged into a participant is known: its old account numbers still go around.
_BANKS = _load_banks("former_banks.csv") | _load_banks("spei_participants.csv")


def compact(value: str) -> str:
    """Return the value without white space and hyphens."""
    return without_separators(value)


def has_shape(value: str) -> bool:
    """Tell whether the value is 18 digits, whatever its check digit and bank."""
    return _SHAPE.fullmatch(compact(value)) is not None


def check_digit(first17: str) -> str:
    """Return the digit that belongs after these 17 digits (weights 3, 7, 1).

    Raises:
        InvalidShape: not exactly 17 digits.
    """
    if not _SHAPE.fullmatch(first17 + "0"):
        raise InvalidShape("The check digit of a CLABE is computed from 17 digits.")
    threes, sevens, ones = (sum(map(int, first17[start::3])) for start in range(3))
    return str(-(3 * threes + 7 * sevens + ones) % 10)


def bank_code(value: str) -> str:
    """Return the three digits that name the bank.

    Raises:
        InvalidShape: not 18 digits.
    """
    digits = compact(value)
    if not _SHAPE.fullmatch(digits):
        raise InvalidShape("A CLABE has 18 digits.")
    return digits[:3]


def bank_name(value: str) -> str | None:
    """Return the bank's short name, None when the code belongs to nobody.

    Raises:
        InvalidShape: not 18 digits.
    """
    return _BANKS.get(bank_code(value))


def validate(value: str) -> str:
    """Return the 18 digits.

    Raises:
        InvalidShape: not 18 digits.
        InvalidCheckDigit: the last digit does not fit the others.
        UnknownIssuer: no SPEI participant, present or merged, has this bank code.
    """
    digits = compact(value)
    bank = bank_code(digits)
    if check_digit(digits[:17]) != digits[17]:
        raise InvalidCheckDigit("The check digit of the CLABE is wrong.")
    if bank not in _BANKS:
        raise UnknownIssuer("The CLABE's bank code belongs to no SPEI participant.")
    return digits


def is_valid(value: str) -> bool:
    """Tell whether the value is a CLABE of a known bank with the right check digit."""
    try:
        validate(value)
    except InvalidIdentifier:
        return False
    return True
