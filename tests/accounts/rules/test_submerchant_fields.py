"""What is known of a submerchant, and what is refused."""

from typing import Any

import pytest

from accounts.rules.submerchant_fields import normalize_external_id, normalize_fields
from core.errors import ValidationFailed


def test_fields_are_kept_in_one_form() -> None:
    given = {"name": "  Café Ñandú ", "country": " mx", "mcc": "5411", "is_active": False}
    assert normalize_fields(given) == {"name": "Café Ñandú", "country": "MX", "mcc": "5411", "is_active": False}
    assert normalize_fields({"country": None, "mcc": None}) == {"country": "", "mcc": ""}
    assert normalize_external_id(" tienda-42 ") == "tienda-42"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "a\nb"),
        ("name", "x" * 201),
        ("country", "XX"),
        ("country", "MEX"),
        ("mcc", "541"),
        ("mcc", "٥٤١١"),
        ("mcc", "54111"),
    ],
)
def test_what_cannot_be_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValidationFailed) as raised:
        normalize_fields({field: value})
    fields: Any = raised.value.details["fields"]
    assert list(fields) == [field]


@pytest.mark.parametrize("value", ["", " ", "a\x00b", "x" * 129])
def test_an_external_id_is_readable(value: str) -> None:
    with pytest.raises(ValidationFailed):
        normalize_external_id(value)
