"""Why an identifier was refused. No message ever holds the refused value."""

from typing import ClassVar


class InvalidIdentifier(ValueError):
    """A value that is not a valid identifier of its kind."""

    reason: ClassVar[str] = "invalid"


class InvalidShape(InvalidIdentifier):
    """Wrong length, alphabet or structure: the value cannot be read at all."""

    reason = "shape"


class InvalidCheckDigit(InvalidIdentifier):
    """The right shape, but its check digits do not fit."""

    reason = "check_digit"


class UnknownIssuer(InvalidIdentifier):
    """The right shape, but a bank, country or issuer that nobody has assigned."""

    reason = "unknown_issuer"
