"""Money: the table, what either unit admits, exactness, and the words for people."""

import pickle
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import money
from core.money import MAX_AMOUNT_MINOR, InvalidAmount, UnknownCurrency, parse_amount

CURRENCIES = sorted(money.currencies())


def refusal(amount: object, unit: str, currency: str = "MXN") -> str:
    with pytest.raises(InvalidAmount) as caught:
        parse_amount(amount=amount, unit="minor" if unit == "minor" else "major", currency=currency)
    return caught.value.reason


@pytest.mark.parametrize(
    ("currency", "places"),
    [("CLP", 0), ("JPY", 0), ("UYI", 0), ("MXN", 2), ("USD", 2), ("VES", 2), ("KWD", 3), ("CLF", 4), ("UYW", 4)],
)
def test_a_currency_has_the_places_of_iso_4217(currency: str, places: int) -> None:
    assert money.exponent(currency) == money.exponent(currency.lower()) == places


def test_the_table_holds_every_active_code_but_those_with_x() -> None:
    assert len(CURRENCIES) == 159
    assert {"MXV", "COU", "BOV", "CHE", "CHW", "USN", "ZWG", "SLE"} <= set(CURRENCIES)
    assert not [code for code in CURRENCIES if code.startswith("X")]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "MX",
        "MXNN",
        "ZZZ",
        "XXX",
        "XTS",
        "XAU",
        "XDR",
        "XAF",
        "XOF",
        "HRK",
        "BGN",
        "ANG",
        "SLL",
        "ZWL",
        "CUC",
        " MXN",
        "u\u017fd",
    ],
)
def test_unknown_withdrawn_and_x_codes_are_refused(code: str) -> None:
    assert not money.is_currency(code)
    for function in (money.normalize_currency, money.exponent):
        with pytest.raises(UnknownCurrency):
            function(code)
    with pytest.raises(UnknownCurrency):
        parse_amount(amount=1, unit="minor", currency=code)


def test_a_code_in_any_case_is_stored_in_upper_case() -> None:
    assert money.normalize_currency("mXn") == "MXN"
    assert money.is_currency("mxn")


@pytest.mark.parametrize("amount", [0, 1, 1500, MAX_AMOUNT_MINOR])
def test_minor_units_take_an_integer(amount: int) -> None:
    assert parse_amount(amount=amount, unit="minor", currency="MXN") == amount


@pytest.mark.parametrize(
    "amount", [Decimal(1500), Decimal("1500.0"), Decimal("1E+3"), Decimal("NaN"), Decimal("1E+400000000")]
)
def test_minor_units_refuse_a_decimal_and_say_what_to_do(amount: Decimal) -> None:
    with pytest.raises(InvalidAmount, match="must be written as an integer") as caught:
        parse_amount(amount=amount, unit="minor", currency="MXN")
    assert caught.value.reason == "minor_not_integer"
    assert '"amount_unit": "major"' in caught.value.message


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (1500, "MXN", 150000),
        (Decimal("25000.0"), "MXN", 2500000),
        (Decimal("0.01"), "MXN", 1),
        (Decimal("1.10000000000000000000000000000000000000"), "MXN", 110),
        (Decimal("1.5E+3"), "CLP", 1500),
        (Decimal("1500.000"), "CLP", 1500),
        (Decimal("1.234"), "KWD", 1234),
        (Decimal("0.0001"), "CLF", 1),
        (Decimal("0E+400000000"), "MXN", 0),
        (Decimal("-0.0"), "MXN", 0),
        (Decimal("1E+13"), "MXN", MAX_AMOUNT_MINOR),
        (Decimal("10000000000000.000"), "MXN", MAX_AMOUNT_MINOR),
    ],
)
def test_major_units_take_what_fits_the_currency(amount: int | Decimal, currency: str, minor: int) -> None:
    assert parse_amount(amount=amount, unit="major", currency=currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (Decimal("0.001"), "MXN"),
        (Decimal("1.5"), "CLP"),
        (Decimal("1.2345"), "KWD"),
        (Decimal("1E-400000000"), "MXN"),
        (Decimal("1.000000000000000000000000000000000000001"), "MXN"),
    ],
)
def test_more_places_than_the_currency_has_are_refused(amount: Decimal, currency: str) -> None:
    assert refusal(amount, "major", currency) == "too_precise"


@pytest.mark.parametrize("unit", ["minor", "major"])
@pytest.mark.parametrize("amount", [True, False, None, "1500", 1500.0, [], {}])
def test_what_is_no_exact_number_is_refused(amount: object, unit: str) -> None:
    assert refusal(amount, unit) == "not_a_number"


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity"])
def test_numbers_without_end_are_refused(amount: str) -> None:
    assert refusal(Decimal(amount), "major") == "not_finite"


def test_negative_amounts_are_refused() -> None:
    assert refusal(-1, "minor") == "negative"
    assert refusal(-(10**5000), "major") == "negative"
    assert refusal(Decimal("-0.01"), "major") == "negative"
    assert refusal(Decimal("-1E+400000000"), "major") == "negative"


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (MAX_AMOUNT_MINOR + 1, "minor"),
        pytest.param(10**5000, "minor", id="5001 digits, minor"),
        (10**13 + 1, "major"),
        pytest.param(10**5000, "major", id="5001 digits, major"),
        (Decimal("10000000000000.01"), "major"),
        (Decimal("1E+16"), "major"),
        (Decimal("1E+400000000"), "major"),
    ],
)
def test_amounts_beyond_the_maximum_are_refused_without_being_written_out(amount: object, unit: str) -> None:
    assert refusal(amount, unit) == "too_large"


def test_a_refusal_keeps_the_amount_to_itself_and_can_travel_between_processes() -> None:
    with pytest.raises(InvalidAmount) as caught:
        parse_amount(amount=Decimal("47.11777"), unit="major", currency="MXN")
    assert "47" not in repr(caught.value)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.reason, str(copy)) == ("too_precise", "The currency has 2 decimal places.")


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (123450, "mxn", "MXN 1,234.50"),
        (5, "MXN", "MXN 0.05"),
        (0, "CLP", "CLP 0"),
        (1234567, "CLP", "CLP 1,234,567"),
        (1234567, "KWD", "KWD 1,234.567"),
        (-123450, "USD", "USD -1,234.50"),
    ],
)
@pytest.mark.parametrize("language", ["es-MX", "es-mx", "en", "fr"])
def test_an_amount_is_written_for_people(amount_minor: int, currency: str, text: str, language: str) -> None:
    assert money.format_amount(amount_minor=amount_minor, currency=currency, language=language) == text


def test_major_units_keep_every_place() -> None:
    assert str(money.to_major(amount_minor=150000, currency="MXN")) == "1500.00"
    assert str(money.to_major(amount_minor=-1, currency="KWD")) == "-0.001"
    assert money.to_major(amount_minor=10**40 + 1, currency="MXN") * 1 != 0


@settings(max_examples=150, deadline=None)
@given(st.integers(0, MAX_AMOUNT_MINOR), st.sampled_from(CURRENCIES))
def test_minor_to_major_and_back_is_the_same_amount(amount_minor: int, currency: str) -> None:
    major = money.to_major(amount_minor=amount_minor, currency=currency)
    assert parse_amount(amount=major, unit="major", currency=currency) == amount_minor
    text = money.format_amount(amount_minor=amount_minor, currency=currency, language="es-MX")
    assert Decimal(text.removeprefix(f"{currency} ").replace(",", "")) == major


@settings(max_examples=150, deadline=None)
@given(st.decimals(), st.sampled_from(["minor", "major"]), st.sampled_from(CURRENCIES))
def test_any_decimal_is_taken_exactly_or_refused(amount: Decimal, unit: str, currency: str) -> None:
    try:
        minor = parse_amount(amount=amount, unit="minor" if unit == "minor" else "major", currency=currency)
    except InvalidAmount:
        return
    assert 0 <= minor <= MAX_AMOUNT_MINOR
    assert money.to_major(amount_minor=minor, currency=currency) == amount


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=5))
def test_any_text_is_a_currency_or_refused(code: str) -> None:
    assert money.is_currency(code) == (code.isascii() and code.upper() in CURRENCIES)
