"""Telephone numbers: E.164, Mexico's old mobile prefix, what is not guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import phone
from core.identifiers.errors import InvalidShape


def test_the_old_mexican_mobile_prefix_is_dropped() -> None:
    assert phone.validate("+5215512345678") == phone.validate("+525512345678") == "+525512345678"
    assert phone.compact("+52 1 (55) 1234-5678") == "+525512345678"


def test_a_mexican_number_that_begins_with_one_keeps_it_when_it_has_ten_digits() -> None:
    assert phone.compact("+521234567890") == "+521234567890"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" +1 (201) 555-0123 ", "+12015550123"),
        ("+34.612.345.678", "+34612345678"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+39 06 12345678", "+390612345678"),
        ("+54 9 11 1234-5678", "+5491112345678"),
        ("+55\u00a011\u201196123\u20134567", "+5511961234567"),
    ],
)
def test_separators_do_not_matter(written: str, canonical: str) -> None:
    assert phone.validate(written) == canonical


@pytest.mark.parametrize(
    "value",
    [
        "",
        "+",
        "5512345678",
        "525512345678",
        "00525512345678",
        "++525512345678",
        "+052551234567",
        "+52551234567",
        "+52155123456789",
        "+999123456789",
        "+15550123",
        "+1800FLOWERS",
        "+525512345678 ext 12",
        "tel:+525512345678",
        "\uff0b525512345678",
        "+\u0665\u0662\u0665\u0665\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "+1234567890123456",
        "+49000000",
    ],
)
def test_what_is_no_possible_e164_number_is_refused(value: str) -> None:
    with pytest.raises(InvalidShape):
        phone.validate(value)
    assert not phone.is_valid(value)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=25), st.from_regex(r"\+[1-9][0-9 ().-]{6,18}", fullmatch=True)))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert phone.compact(phone.compact(value)) == phone.compact(value)
    if phone.is_valid(value):
        canonical = phone.validate(value)
        assert phone.validate(canonical) == canonical == phone.compact(value)
