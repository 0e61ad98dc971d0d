"""Single values: trimmed and normalised, or doubtful and left out."""

import re
from collections.abc import Callable
from decimal import Decimal

from assess.reading.warnings import Warnings
from assess.requests import MAXIMUM_COUNT
from assess.types import AccountFlaw
from core.errors import ValidationFailed
from core.identifiers import bic, clabe, country, email, iban, ip, phone
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape

LONGEST_WORD = 256
_BIN = re.compile(r"[0-9]{6,8}")
_LAST_FOUR = re.compile(r"[0-9]{4}")


def read_text(value: str | None) -> str | None:
    """Return the value trimmed, None when nothing is left."""
    return (value.strip() or None) if value else None


def read_word(value: str | None, name: str, warnings: Warnings, *, longest: int = LONGEST_WORD) -> str | None:
    """Return the value trimmed, or None with a warning when it has more characters than we keep."""
    text = read_text(value)
    if text is not None and len(text) > longest:
        warnings.doubt(name)
        return None
    return text


def read_count(value: int | Decimal | None, name: str, warnings: Warnings) -> int | None:
    """Return the whole part of a number from 0 to 10^12, or None with a warning (a browser's clock gives fractions)."""
    if value is None:
        return None
    if not 0 <= value <= MAXIMUM_COUNT:
        warnings.doubt(name)
        return None
    return int(value)


def _read(value: str | None, name: str, warnings: Warnings, validate: Callable[[str], str]) -> str | None:
    text = read_text(value)
    if text is None:
        return None
    try:
        return validate(text)
    except InvalidIdentifier:
        warnings.doubt(name)
        return None


def read_email(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return the address in canonical form, or None with a warning."""
    return _read(value, name, warnings, email.validate)


def read_phone(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return the number in E.164, or None with a warning."""
    return _read(value, name, warnings, phone.validate)


def read_ip(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return the address in canonical form, or None with a warning."""
    return _read(value, name, warnings, ip.validate)


def read_country(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return ISO 3166-1 alpha-2 in upper case, or None with a warning."""
    return _read(value, name, warnings, country.validate)


def read_digits(value: str | None, name: str, warnings: Warnings, *, form: re.Pattern[str]) -> str | None:
    """Return the value when it has that form, or None with a warning."""
    text = read_text(value)
    if text is not None and not form.fullmatch(text):
        warnings.doubt(name)
        return None
    return text


def read_bin(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return 6 to 8 digits, or None with a warning."""
    return read_digits(value, name, warnings, form=_BIN)


def read_last_four(value: str | None, name: str, warnings: Warnings) -> str | None:
    """Return 4 digits, or None with a warning."""
    return read_digits(value, name, warnings, form=_LAST_FOUR)


_ACCOUNTS = {
    "clabe": (clabe.validate, clabe.compact),
    "iban": (iban.validate, iban.compact),
    "swift_bic": (bic.validate, bic.compact),
}


def read_account(value: str | None, kind: str, warnings: Warnings, flaws: dict[str, AccountFlaw]) -> str | None:
    """Return a CLABE, IBAN or BIC in canonical form.

    A wrong shape raises ValidationFailed; a wrong check digit or an unknown code is noted in `flaws` and in a warning.
    """
    text = read_text(value)
    if text is None:
        return None
    validate, compact = _ACCOUNTS[kind]
    try:
        return validate(text)
    except InvalidShape as error:
        raise ValidationFailed.of_field(f"beneficiary.{kind}", str(error)) from None
    except InvalidIdentifier as error:
        flaw = AccountFlaw.CHECK_DIGIT if isinstance(error, InvalidCheckDigit) else AccountFlaw.UNKNOWN_ISSUER
        flaws[kind] = flaw
        warnings.doubt(f"beneficiary.{kind}", flaw.value)
        return compact(text)
