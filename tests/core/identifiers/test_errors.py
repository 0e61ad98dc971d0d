"""Refusals: no message, argument or cause ever holds the refused value."""

from collections.abc import Callable

import pytest

from core.identifiers import bic, card, clabe, country, email, iban, ip, phone
from core.identifiers.errors import InvalidCheckDigit, InvalidIdentifier, InvalidShape, UnknownIssuer

SECRET = "hush4711"
VALIDATORS = [
    bic.validate,
    card.validate,
    card.validate_bin,
    clabe.validate,
    country.validate,
    email.validate,
    email.validate_domain,
    iban.validate,
    ip.validate,
    ip.validate_network,
    phone.validate,
]


@pytest.mark.parametrize("validate", VALIDATORS)
@pytest.mark.parametrize("value", [SECRET, f"+{SECRET}", f"{SECRET}/8", f"{SECRET}:", f"@{SECRET}"])
def test_a_refusal_keeps_the_value_to_itself(validate: Callable[[str], str], value: str) -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        validate(value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__context__ is None


def test_every_kind_of_refusal_has_its_reason() -> None:
    assert [kind.reason for kind in (InvalidShape, InvalidCheckDigit, UnknownIssuer)] == [
        "shape",
        "check_digit",
        "unknown_issuer",
    ]
