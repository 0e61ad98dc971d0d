"""CLABE: the public samples, the order of refusals, and properties over any text."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import clabe
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer

VALID = [
    "032180000118359719",
    "646180111800000004",
    "012180001234567899",
    "638180000123456784",
    "002010077777777771",
]


@pytest.mark.parametrize("value", VALID)
def test_public_samples_are_valid(value: str) -> None:
    assert clabe.validate(value) == value
    assert clabe.is_valid(value)


@pytest.mark.parametrize("value", ["012180001234567890", "002010077777777770"])
def test_a_wrong_last_digit_is_a_wrong_check_digit(value: str) -> None:
    with pytest.raises(InvalidCheckDigit):
        clabe.validate(value)
    assert clabe.has_shape(value)
    assert not clabe.is_valid(value)


def test_an_unassigned_bank_is_refused_only_after_the_check_digit() -> None:
    with pytest.raises(UnknownIssuer):
        clabe.validate("000000000000000000")
    with pytest.raises(InvalidCheckDigit):
        clabe.validate("000000000000000001")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "01218000123456789",
        "0121800012345678999",
        "01218000123456789A",
        "\u0660" * 18,
        "012180001234567899\x00",
        "+12180001234567899",
    ],
)
def test_anything_but_18_ascii_digits_is_a_wrong_shape(value: str) -> None:
    with pytest.raises(InvalidShape):
        clabe.validate(value)
    assert not clabe.has_shape(value)
    with pytest.raises(InvalidShape):
        clabe.bank_code(value)


def test_spaces_and_hyphens_are_removed() -> None:
    assert clabe.validate(" 012-180 00123456789\u20119\n") == "012180001234567899"


def test_any_plaza_passes_because_wallets_use_its_digits_freely() -> None:
    first17 = "646999000000000000"[:17]
    assert clabe.is_valid(first17 + clabe.check_digit(first17))


def test_the_bank_is_named_by_the_first_three_digits() -> None:
    assert clabe.bank_code("638 180 00012345678 4") == "638"
    assert clabe.bank_name("638180000123456784") == "NU MEXICO"
    assert clabe.bank_name("000000000000000000") is None


def test_a_check_digit_needs_17_digits() -> None:
    with pytest.raises(InvalidShape):
        clabe.check_digit("123")


def test_every_code_of_the_data_file_has_three_digits_and_ends_its_spei_code() -> None:
    data = Path(clabe.__file__).with_name("data") / "spei_participants.csv"
    with data.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["abm"] for row in rows}) == 99
    assert all(len(row["abm"]) == 3 and row["spei"].endswith(row["abm"].lstrip("0")) for row in rows)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert clabe.compact(clabe.compact(value)) == clabe.compact(value)
    try:
        canonical = clabe.validate(value)
    except InvalidIdentifier:
        assert not clabe.is_valid(value)
    else:
        assert clabe.validate(canonical) == canonical == clabe.compact(value)


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.integers(0, 16), st.integers(1, 9))
def test_the_check_digit_finds_every_single_wrong_digit(first17: str, place: int, shift: int) -> None:
    wrong = str((int(first17[place]) + shift) % 10)
    assert clabe.check_digit(first17) != clabe.check_digit(first17[:place] + wrong + first17[place + 1 :])
