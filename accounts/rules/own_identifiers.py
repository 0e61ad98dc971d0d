"""What is an organization's own: accounts and domains that nobody there means to block."""

from collections.abc import Sequence

from accounts.rules.networks import without_duplicates
from core.errors import ValidationFailed
from core.identifiers import clabe, email, iban


def normalize_own_identifiers(given: Sequence[str], *, field: str) -> list[str]:
    """Return each CLABE, IBAN or e-mail domain once, in canonical form; raises ValidationFailed about `field`."""
    found = [read_own_identifier(item) for item in given]
    if None in found:
        raise ValidationFailed.of_field(field, "must be CLABEs, IBANs or e-mail domains")
    return without_duplicates([item for item in found if item is not None], field=field)


def read_own_identifier(item: str) -> str | None:
    """Return the CLABE, IBAN or domain in canonical form, None when it is none of them; a domain may have an `@`."""
    if clabe.is_valid(item):
        return clabe.validate(item)
    if iban.is_valid(item):
        return iban.validate(item)
    domain = item.strip().removeprefix("@")
    return email.validate_domain(domain) if email.is_valid_domain(domain) else None
