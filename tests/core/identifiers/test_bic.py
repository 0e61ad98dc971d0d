"""BIC: two lengths of one code, alphabets, countries."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import bic
from core.identifiers.errors import InvalidIdentifier, InvalidShape, UnknownIssuer


def test_eight_characters_mean_the_head_office() -> None:
    assert bic.validate("bcmr mxmm") == bic.validate("BCMRMXMMXXX") == "BCMRMXMMXXX"
    assert bic.validate("DEUTDEFF500") == "DEUTDEFF500"


@pytest.mark.parametrize(
    "value", ["", "BCMRMXM", "BCMRMXMMX", "BCMRMXMMXXXX", "BCMR12MM", "BCMR-MXMM", "BCMRMXM\u00d1", "BCMRMXMM\x00"]
)
def test_a_wrong_length_or_alphabet_is_a_wrong_shape(value: str) -> None:
    with pytest.raises(InvalidShape):
        bic.validate(value)
    with pytest.raises(InvalidShape):
        bic.country(value)


def test_a_country_nobody_has_is_unknown() -> None:
    with pytest.raises(UnknownIssuer):
        bic.validate("BCMRZZMM")
    assert not bic.is_valid("BCMRZZMM")


def test_digits_may_stand_in_the_first_four_as_iso_9362_has_it() -> None:
    assert bic.is_valid("E097AEXX")


def test_the_country_is_the_fifth_and_sixth_character() -> None:
    assert bic.country("bcmrmxmm") == "MX"
    assert bic.country("NCBVXKPR") == "XK"


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=15), st.from_regex(r"[A-Za-z0-9 ]{6,12}", fullmatch=True)))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert bic.compact(bic.compact(value)) == bic.compact(value)
    try:
        canonical = bic.validate(value)
    except InvalidIdentifier:
        assert not bic.is_valid(value)
    else:
        assert len(canonical) == 11
        assert bic.validate(canonical) == canonical == bic.compact(value)
