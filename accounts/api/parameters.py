"""The query strings of lists, read strictly."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from django.http import QueryDict
from msgspec import Meta

from core.api.openapi import Parameter
from core.environments import Environment
from core.errors import ValidationFailed

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 500

type Limit = Annotated[int, Meta(ge=1, le=MAXIMUM_LIMIT, extra_json_schema={"default": DEFAULT_LIMIT})]
type Offset = Annotated[int, Meta(ge=0, le=999_999_999, extra_json_schema={"default": 0})]


def make_page_parameters(things: str) -> tuple[Parameter, ...]:
    """Return the parameters that `read_page` reads, of a list of those things."""
    return (
        Parameter(name="limit", kind=Limit, description=f"{things} in one page."),
        Parameter(name="offset", kind=Offset, description=f"{things} to pass over."),
    )


PAGE_PARAMETERS = make_page_parameters("Keys")

_NUMBER = re.compile(r"[0-9]{1,9}")
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    limit: int
    offset: int


def read_page(query: QueryDict) -> Page:
    """Return the page asked for, of the size that the contract's lists have; raises ValidationFailed."""
    return Page(
        limit=_read_number(query, "limit", default=DEFAULT_LIMIT, lowest=1, highest=MAXIMUM_LIMIT),
        offset=_read_number(query, "offset", default=0, lowest=0, highest=10**9),
    )


def choose_environments(query: QueryDict, chosen: Environment) -> Collection[Environment]:
    """Return the environment that the query names, else both: keys are settings, each says which world it opens."""
    return [chosen] if "environment" in query else list(Environment)


def read_flag(query: QueryDict, name: str) -> bool | None:
    """Return what the query says, None when it is silent; raises ValidationFailed."""
    given = query.get(name)
    if given is not None and given not in _FLAGS:
        raise ValidationFailed.of_field(name, "must be true or false")
    return _FLAGS[given] if given is not None else None


def read_search(query: QueryDict, *, longest: int) -> str:
    """Return the text to search for, "" for none; raises ValidationFailed."""
    text = query.get("search", "").strip()
    if len(text) > longest or "\x00" in text:
        raise ValidationFailed.of_field("search", f"must be text of at most {longest} characters")
    return text


def _read_number(query: QueryDict, name: str, *, default: int, lowest: int, highest: int) -> int:
    given = query.get(name, str(default))
    if not _NUMBER.fullmatch(given) or not lowest <= int(given) <= highest:
        raise ValidationFailed.of_field(name, f"must be a whole number from {lowest} to {highest}")
    return int(given)
