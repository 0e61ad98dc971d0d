"""The form of a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.rules.reasons import normalize_reason


@pytest.mark.parametrize("text", ["Mula\nde abril", "Mula\r\nde abril", "Mula\rde abril", " Mula\r\nde abril\r\n "])
def test_ends_of_lines_are_of_one_kind_and_nothing_stands_around(text: str) -> None:
    assert normalize_reason(text) == "Mula\nde abril"


@given(st.text(alphabet="a \r\n\t"))
def test_what_is_in_its_form_stays_so(text: str) -> None:
    normal = normalize_reason(text)
    assert normalize_reason(normal) == normal
    assert "\r" not in normal
