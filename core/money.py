"""Amounts: integers in minor units, beside an ISO 4217 currency.

``data/README.md`` says where the table of currencies comes from and what it leaves out.
No amount ever passes through a float, and no message holds an amount.
"""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Literal, assert_never

MAX_AMOUNT_MINOR = 10**15

_MAX_DIGITS_BEFORE_POINT = 16
_CURRENCIES = Path(__file__).with_name("data") / "currencies.csv"
# Mexico groups as English does; a language that differs gets its own line.
_SEPARATORS = {"en": (",", "."), "es-mx": (",", ".")}


class UnknownCurrency(ValueError):
    """No active ISO 4217 code, or one that begins with X."""


class InvalidAmount(ValueError):
    """An amount that cannot be taken.

    ``reason`` is one of ``not_a_number``, ``not_finite``, ``minor_not_integer``,
    ``negative``, ``too_precise`` and ``too_large``.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


def _load_exponents() -> dict[str, int]:
    """Return currency code to number of decimal places."""
    with _CURRENCIES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: int(row["exponent"]) for row in csv.DictReader(file)}


_EXPONENTS = _load_exponents()


def currencies() -> dict[str, int]:
    """Return every accepted currency with its number of decimal places."""
    return dict(_EXPONENTS)


def normalize_currency(value: str) -> str:
    """Return the code in upper case.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    code = value if value in _EXPONENTS else value.upper()
    # isascii: "ß" in upper case would become two letters of a code.
    if code not in _EXPONENTS or not value.isascii():
        raise UnknownCurrency("This is no active ISO 4217 currency code.")
    return code


def is_currency(code: str) -> bool:
    """Tell whether the code, in any case, is an accepted currency."""
    return code.isascii() and code.upper() in _EXPONENTS


def exponent(currency: str) -> int:
    """Return the number of decimal places: CLP 0, MXN 2, KWD 3.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    return _EXPONENTS[normalize_currency(currency)]


def parse_amount(*, amount: object, unit: Literal["minor", "major"], currency: str) -> int:
    """Return the amount in minor units, from 0 to 10**15.

    ``amount`` is an ``int`` (the only type that minor units admit) or a ``Decimal``,
    as ``core.strict_json`` gives them; any other type is refused.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
        InvalidAmount: not a number, negative, too precise for the currency, too large.
    """
    decimals = exponent(currency)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise InvalidAmount("not_a_number", "The amount must be a number.")
    match unit:
        case "minor":
            return _within_limits(_integer_token(amount, decimals))
        case "major":
            return _from_major(amount, decimals)
        case _:
            assert_never(unit)


def _integer_token(amount: int | Decimal, decimals: int) -> int:
    """Return the amount if it was written as an integer: a point hints at major units."""
    if isinstance(amount, int):
        return amount
    raise InvalidAmount(
        "minor_not_integer",
        "In minor units the amount must be written as an integer, without point or exponent"
        f" (this currency has {decimals} decimal places);"
        ' for a decimal amount send "amount_unit": "major".',
    )


def _within_limits(amount_minor: int) -> int:
    """Return the amount unless it is negative or over the maximum."""
    if amount_minor < 0:
        raise InvalidAmount("negative", "The amount must not be negative.")
    if amount_minor > MAX_AMOUNT_MINOR:
        raise InvalidAmount("too_large", "The amount must be at most 10^15 minor units.")
    return amount_minor


def _from_major(amount: int | Decimal, decimals: int) -> int:
    """Return major units as minor units, exactly."""
    if isinstance(amount, int):
        return _within_limits(_within_limits(amount) * 10**decimals)
    if not amount.is_finite():
        raise InvalidAmount("not_finite", "The amount must be a finite number.")
    if amount < 0:
        raise InvalidAmount("negative", "The amount must not be negative.")
    return _within_limits(_scale(amount, decimals))


def _scale(amount: Decimal, decimals: int) -> int:
    """Return amount * 10**decimals as an integer, without rounding.

    Works on the digits, as Decimal's own arithmetic rounds to 28 of them, and looks
    at the magnitude first, so that 1E+400000000 costs nothing.
    """
    if not amount:
        return 0
    if amount.adjusted() >= _MAX_DIGITS_BEFORE_POINT:
        return MAX_AMOUNT_MINOR + 1
    _, digits, power = amount.as_tuple()
    shift = int(power) + decimals
    if shift < 0 and (amount.adjusted() < -decimals or any(digits[shift:])):
        raise InvalidAmount("too_precise", f"The currency has {decimals} decimal places.")
    kept = digits[:shift] if shift < 0 else digits + (0,) * shift
    return int("".join(map(str, kept)))


def to_major(*, amount_minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal in major units with all places of the currency.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    return Decimal(f"{amount_minor}E-{exponent(currency)}")


def format_amount(*, amount_minor: int, currency: str, language: str) -> str:
    """Return the amount for people, such as ``MXN 1,234.50``.

    ``language`` is a tag such as ``es-MX`` or ``en``; unknown ones read as ``en``.

    Raises:
        UnknownCurrency: unknown, withdrawn, or an X-code.
    """
    code = normalize_currency(currency)
    group, point = _SEPARATORS.get(language.lower(), _SEPARATORS["en"])
    whole, part = divmod(abs(amount_minor), 10 ** _EXPONENTS[code])
    sign = "-" if amount_minor < 0 else ""
    decimals = f"{point}{part:0{_EXPONENTS[code]}d}" if _EXPONENTS[code] else ""
    return f"{code} {sign}{f'{whole:,}'.replace(',', group)}{decimals}"
