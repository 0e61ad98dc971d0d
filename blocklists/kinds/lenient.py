"""Account numbers are listed by shape alone: what fraudsters send need not have a right check digit or a known bank."""

from collections.abc import Callable

from core.identifiers.errors import InvalidCheckDigit, UnknownIssuer


def require_shape(value: str, *, validate: Callable[[str], str], compact: Callable[[str], str]) -> str:
    """Return the canonical form; a wrong check digit or an unknown issuer passes. Raises InvalidShape."""
    try:
        return validate(value)
    except (InvalidCheckDigit, UnknownIssuer):
        return compact(value)
