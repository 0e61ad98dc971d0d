"""Countries: the data file against pycountry, and properties."""

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import country
from core.identifiers.errors import InvalidIdentifier, InvalidShape, UnknownIssuer


def test_the_data_file_is_iso_3166_and_kosovo() -> None:
    assert {entry.alpha_2 for entry in pycountry.countries} | {"XK"} == country.CODES


def test_case_and_outer_spaces_do_not_matter() -> None:
    assert country.validate(" mx\n") == "MX"


@pytest.mark.parametrize("value", ["", "M", "MEX", "M1", "M X", "484", "M\u00d1", "\u0131t"])
def test_anything_but_two_letters_is_a_wrong_shape(value: str) -> None:
    with pytest.raises(InvalidShape):
        country.validate(value)


@pytest.mark.parametrize("value", ["ZZ", "XX", "UK", "EU", "SU"])
def test_codes_of_no_country_are_unknown(value: str) -> None:
    with pytest.raises(UnknownIssuer):
        country.validate(value)
    assert not country.is_valid(value)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=6), st.from_regex(r"[A-Za-z]{2}", fullmatch=True)))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert country.compact(country.compact(value)) == country.compact(value)
    try:
        canonical = country.validate(value)
    except InvalidIdentifier:
        assert not country.is_valid(value)
    else:
        assert country.is_valid(value)
        assert country.validate(canonical) == canonical == country.compact(value)
