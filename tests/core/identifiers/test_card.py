"""Card numbers: published test numbers, what only resembles one, BINs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import card
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer

# Test numbers that card networks and processors publish.
TEST_CARDS = [
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "6011111111111117",
    "6200000000000005",
    "6205500000000000004",
]


@pytest.mark.parametrize("number", TEST_CARDS)
def test_published_test_cards_look_like_cards(number: str) -> None:
    assert card.validate(number) == number
    assert card.looks_like_card(number)
    assert card.looks_like_card(int(number))


@pytest.mark.parametrize(
    "value",
    [
        "4111 1111 1111 1111",
        " 4111-1111-1111-1111\n",
        "4111\u00a01111\u20111111 1111",
        "\uff14" + "1" * 15,
        -4111111111111111,
    ],
)
def test_separators_signs_and_foreign_digits_hide_nothing(value: str | int) -> None:
    assert card.looks_like_card(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "4111111111111112",
        "411111111111",
        "41111111111111111111",
        "1111111111111117",
        "0000000000000000",
        "2220990000000000",
        "2721000000000004",
        "x4111111111111111",
        "card 4111111111111111",
        "4111.1111.1111.1111",
        4111111111111112,
        411111111111,
        pytest.param(10**5000, id="5001 digits"),
        0,
        True,
    ],
)
def test_what_only_resembles_a_card_is_none(value: str | int) -> None:
    assert not card.looks_like_card(value)


def test_the_mastercard_range_ends_where_it_should() -> None:
    assert [prefix for prefix in range(2200, 2800) if card.looks_like_card(_with_luhn(str(prefix) + "0" * 11))] == list(
        range(2221, 2721)
    )


def _with_luhn(digits: str) -> str:
    return next(digits + last for last in "0123456789" if card.passes_luhn(digits + last))


def test_faults_are_told_apart() -> None:
    with pytest.raises(InvalidShape):
        card.validate("4111")
    with pytest.raises(UnknownIssuer):
        card.validate("1111111111111117")
    with pytest.raises(InvalidCheckDigit):
        card.validate("4111111111111112")


@pytest.mark.parametrize("value", ["411111", "4111111", "41111111", " 411111 ", "000000"])
def test_a_bin_has_six_to_eight_digits(value: str) -> None:
    assert card.validate_bin(value) == value.strip()
    assert card.is_valid_bin(value)


@pytest.mark.parametrize("value", ["", "41111", "411111111", "4111 11", "41111x", "\u0664" * 6, "411111\x00"])
def test_other_bins_are_a_wrong_shape(value: str) -> None:
    with pytest.raises(InvalidShape):
        card.validate_bin(value)
    assert not card.is_valid_bin(value)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=30), st.from_regex(r"[0-9 -]{10,25}", fullmatch=True)))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert card.compact(card.compact(value)) == card.compact(value)
    assert card.looks_like_card(value) == card.is_valid(value)
    try:
        canonical = card.validate(value)
    except InvalidIdentifier:
        assert not card.is_valid(value)
    else:
        assert card.validate(canonical) == canonical == card.compact(value)


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"[3-6][0-9]{11,17}", fullmatch=True), st.integers(0, 17), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(digits: str, place: int, shift: int) -> None:
    number = _with_luhn(digits)
    place %= len(digits)
    wrong = str((int(number[place]) + shift) % 10)
    assert not card.passes_luhn(number[:place] + wrong + number[place + 1 :])
