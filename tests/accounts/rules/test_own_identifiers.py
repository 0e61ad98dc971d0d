"""What is an organization's own."""

import pytest

from accounts.rules.own_identifiers import normalize_own_identifiers, read_own_identifier
from core.errors import ValidationFailed

CLABE = "646180115000009034"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("646 180 11500000903 4", CLABE),
        ("gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("Banco.MX", "banco.mx"),
        ("@banco.mx", "banco.mx"),
        ("646180115000009035", None),
        ("com.mx", None),
        ("ana@banco.mx", None),
        ("", None),
    ],
)
def test_accounts_and_domains_are_read_in_any_form_and_nothing_else(typed: str, expected: str | None) -> None:
    assert read_own_identifier(typed) == expected


def test_each_is_kept_once() -> None:
    given = [CLABE, "646 180 11500000903 4", "banco.mx"]
    assert normalize_own_identifiers(given, field="own") == [CLABE, "banco.mx"]


@pytest.mark.parametrize("given", [["x"], [CLABE, "x"], [f"b{number}.mx" for number in range(101)]])
def test_what_is_none_and_too_many_are_refused(given: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        normalize_own_identifiers(given, field="own")
    assert list(refused.value.details["fields"]) == ["own"]  # type: ignore[call-overload]
