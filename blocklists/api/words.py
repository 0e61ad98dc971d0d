"""The two words whose faults have codes of their own (contract §6)."""

from typing import ClassVar

from blocklists.types import ListType, Severity
from core.errors import ValidationFailed


class InvalidListType(ValidationFailed):
    code: ClassVar[str] = "INVALID_TYPE"


class InvalidSeverity(ValidationFailed):
    code: ClassVar[str] = "INVALID_SEVERITY"


def read_list_type(given: object) -> ListType:
    """Return the list type; raises InvalidListType for anything else."""
    if not isinstance(given, str) or given not in set(ListType):
        raise InvalidListType.of_field("list_type", f"must be one of {', '.join(ListType)}")
    return ListType(given)


def read_severity(given: object) -> Severity:
    """Return the severity; raises InvalidSeverity for anything else."""
    if not isinstance(given, str) or given not in set(Severity):
        raise InvalidSeverity.of_field("severity", f"must be one of {', '.join(Severity)}")
    return Severity(given)
