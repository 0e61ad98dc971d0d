"""IBAN: samples of the registry, which fault is which, and properties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import iban
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer

VALID = [
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "ES9121000418450200051332",
    "FR1420041010050500013M02606",
    "BR1800360305000010009795493C1",
    "CR05015202001026284066",
    "DO28BAGR00000001212453611324",
    "XK051212012345678906",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
]


@pytest.mark.parametrize("value", VALID)
def test_samples_of_the_registry_are_valid(value: str) -> None:
    assert iban.validate(value) == value
    assert iban.country(value) == value[:2]


def test_case_and_spaces_do_not_matter() -> None:
    assert iban.validate(" gb82 west 1234\u00a05698 7654 32\n") == "GB82WEST12345698765432"


@pytest.mark.parametrize("value", ["GB83WEST12345698765432", "GB82WEST12345698765431", "DE88370400440532013000"])
def test_mod_97_finds_the_wrong_digit(value: str) -> None:
    with pytest.raises(InvalidCheckDigit):
        iban.validate(value)
    assert iban.country(value) == value[:2]


@pytest.mark.parametrize("digits", ["00", "01", "99"])
def test_check_digits_that_are_never_issued_are_wrong(digits: str) -> None:
    residues = {f"DE{digits}37040044053201{tail:04d}" for tail in range(97)}
    assert not any(iban.is_valid(value) for value in residues)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "GB",
        "GB82-WEST-1234-5698-7654-32",
        "GB82WEST1234569876543",
        "GB82WEST123456987654321",
        "GB821234123456987654XX",
        "GBX2WEST12345698765432",
        "1182WEST12345698765432",
        "DE8937040044053201300\u0660",
        "GB82WEST12345698765432\x00",
        "DE89" + "1" * 31,
    ],
)
def test_a_length_or_alphabet_that_the_country_lacks_is_a_wrong_shape(value: str) -> None:
    with pytest.raises(InvalidShape):
        iban.validate(value)
    with pytest.raises(InvalidShape):
        iban.country(value)


@pytest.mark.parametrize("value", ["MX8201218000123456789", "ZZ82123412345698765432", "US82123412345698765432"])
def test_a_country_without_ibans_is_unknown(value: str) -> None:
    with pytest.raises(UnknownIssuer):
        iban.validate(value)
    with pytest.raises(UnknownIssuer):
        iban.country(value)


def test_letters_that_upper_case_would_make_ascii_stay_foreign() -> None:
    assert iban.compact("\u0131\u00dfk") == "\u0131\u00dfK"


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}", fullmatch=True)))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert iban.compact(iban.compact(value)) == iban.compact(value)
    try:
        canonical = iban.validate(value)
    except InvalidIdentifier:
        assert not iban.is_valid(value)
    else:
        assert iban.validate(canonical) == canonical == iban.compact(value)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(VALID), st.integers(4, 40), st.integers(1, 9))
def test_one_wrong_digit_never_passes(value: str, place: int, shift: int) -> None:
    place = 4 + place % (len(value) - 4)
    if value[place].isdigit():
        wrong = str((int(value[place]) + shift) % 10)
        assert not iban.is_valid(value[:place] + wrong + value[place + 1 :])
