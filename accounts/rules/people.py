"""What a person says of themselves, and what is said of them, in one canonical form."""

from accounts.types import Role
from core.errors import ValidationFailed
from core.identifiers import email as emails
from core.identifiers.errors import InvalidIdentifier

MAXIMUM_NAME_LENGTH = 150
MAXIMUM_NOTE_LENGTH = 2000


def read_person_name(given: str) -> str:
    """Return a name with single spaces; raises ValidationFailed."""
    name = " ".join(given.split())
    if not name or len(name) > MAXIMUM_NAME_LENGTH or not name.isprintable():
        raise ValidationFailed.of_field("name", f"must have 1 to {MAXIMUM_NAME_LENGTH} printable characters")
    return name


def read_address(given: str) -> str:
    """Return an e-mail address in canonical form; raises ValidationFailed."""
    try:
        return emails.validate(given)
    except InvalidIdentifier as error:
        raise ValidationFailed.of_field("email", str(error)) from None


def read_handover_note(given: str) -> str:
    """Return a note of several lines, trimmed, perhaps empty; raises ValidationFailed."""
    note = "\n".join(line.rstrip() for line in given.strip().splitlines())
    if len(note) > MAXIMUM_NOTE_LENGTH or not note.replace("\n", "").replace("\t", "").isprintable():
        raise ValidationFailed.of_field("note", f"must have at most {MAXIMUM_NOTE_LENGTH} printable characters")
    return note


def read_role(given: str) -> Role:
    """Return a role by its word; raises ValidationFailed."""
    try:
        return Role(given)
    except ValueError:
        raise ValidationFailed.of_field("role", "This value is not one of those allowed.") from None
