"""The query string of the list, read strictly: a word that is none of those allowed is 400, never ignored."""

import re
import uuid
from enum import StrEnum
from typing import Annotated

from django.http import QueryDict
from msgspec import Meta

from blocklists.api.words import read_list_type, read_severity
from blocklists.types import MAXIMUM_VALUE_LENGTH, EntryFilter, EntrySource, FlowScope, ListType, Severity
from core.api.openapi import Parameter
from core.errors import ValidationFailed

DEFAULT_LIMIT = 50  # contract §9
MAXIMUM_LIMIT = 500  # contract §9
MAXIMUM_OFFSET = 999_999_999

type Limit = Annotated[int, Meta(ge=1, le=MAXIMUM_LIMIT, extra_json_schema={"default": DEFAULT_LIMIT})]
type Offset = Annotated[int, Meta(ge=0, le=MAXIMUM_OFFSET, extra_json_schema={"default": 0})]
type Search = Annotated[str, Meta(max_length=MAXIMUM_VALUE_LENGTH)]

LIST_PARAMETERS = (
    Parameter(name="list_type", kind=ListType, description="Only entries of this type."),
    Parameter(name="severity", kind=Severity, description="Only entries of this severity."),
    Parameter(name="source", kind=EntrySource, description="Only entries from this source."),
    Parameter(name="flow_scope", kind=FlowScope, description="Only entries of exactly this scope."),
    Parameter(name="is_active", kind=bool, description="Only entries switched on, or off; expired ones count as on."),
    Parameter(
        name="search",
        kind=Search,
        description=(
            "Only entries with this text in the value or in the reason, in any form: grouped, in capitals, masked as "
            "in `**** 1234`. Beyond the newest 10,000 that the other filters leave, a value is found by how it begins "
            "or ends, and `total` stops counting where one end finds more than 10,000."
        ),
    ),
    Parameter(name="limit", kind=Limit, description="Entries in one page."),
    Parameter(name="offset", kind=Offset, description="Entries to pass over."),
)
ID_PARAMETER = Parameter(name="id", kind=uuid.UUID, description="The entry's id, here or in the body.")

_NUMBER = re.compile(r"[0-9]{1,9}")
_FLAGS = {"true": True, "false": False}


def read_filter(query: QueryDict) -> EntryFilter:
    """Return what the list is to show; raises InvalidListType, InvalidSeverity, ValidationFailed naming the field."""
    _refuse_repeats(query)
    return EntryFilter(
        list_type=read_list_type(query["list_type"]) if "list_type" in query else None,
        severity=read_severity(query["severity"]) if "severity" in query else None,
        source=_read_word(query, "source", EntrySource),
        flow_scope=_read_word(query, "flow_scope", FlowScope),
        is_active=_read_flag(query, "is_active"),
        search=_read_search(query),
        limit=_read_number(query, "limit", default=DEFAULT_LIMIT, lowest=1, highest=MAXIMUM_LIMIT),
        offset=_read_number(query, "offset", default=0, lowest=0, highest=MAXIMUM_OFFSET),
    )


def read_id(query: QueryDict) -> uuid.UUID | None:
    """Return `?id=`, None when there is none; raises ValidationFailed when it is no UUID."""
    _refuse_repeats(query)
    given = query.get("id")
    if given is None:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        raise ValidationFailed.of_field("id", "must be a UUID") from None


def require_one_id(*given: uuid.UUID | None) -> uuid.UUID:
    """Return the one id that path, query and body name; raises ValidationFailed for none, or for several."""
    ids = {one for one in given if one is not None}
    if not ids:
        raise ValidationFailed.of_field("id", "This field is required.")
    if len(ids) > 1:
        raise ValidationFailed.of_field("id", "must be the same wherever it is given")
    return ids.pop()


def _refuse_repeats(query: QueryDict) -> None:
    for parameter in (*LIST_PARAMETERS, ID_PARAMETER):
        if len(query.getlist(parameter.name)) > 1:
            raise ValidationFailed.of_field(parameter.name, "must be given once")


def _read_word[W: StrEnum](query: QueryDict, name: str, words: type[W]) -> W | None:
    given = query.get(name)
    if given is None:
        return None
    if given not in set(words):
        raise ValidationFailed.of_field(name, f"must be one of {', '.join(words)}")
    return words(given)


def _read_flag(query: QueryDict, name: str) -> bool | None:
    given = query.get(name)
    if given is not None and given not in _FLAGS:
        raise ValidationFailed.of_field(name, "must be true or false")
    return _FLAGS[given] if given is not None else None


def _read_number(query: QueryDict, name: str, *, default: int, lowest: int, highest: int) -> int:
    given = query.get(name, str(default))
    if not _NUMBER.fullmatch(given) or not lowest <= int(given) <= highest:
        raise ValidationFailed.of_field(name, f"must be a whole number from {lowest} to {highest}")
    return int(given)


def _read_search(query: QueryDict) -> str:
    text = query.get("search", "").strip()
    if len(text) > MAXIMUM_VALUE_LENGTH or "\x00" in text:
        raise ValidationFailed.of_field("search", f"must be text of at most {MAXIMUM_VALUE_LENGTH} characters")
    return text
