"""The query string of the list, read strictly: what cannot be read is 400 naming the parameter, never ignored.

`from_date` and `to_date` take an ISO 8601 date, a whole day in the organization's time zone, or a date-time, to the
microsecond; one without offset is in that time zone too. Both ends are included.
"""

import re
import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import QueryDict
from msgspec import Meta

from core.api.openapi import Parameter
from core.environments import Environment
from core.errors import ValidationFailed
from transactions.api.cursors import read_cursor
from transactions.types import Decision, Flow, Simulated, TransactionFilter

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 500
MAXIMUM_REFERENCE_LENGTH = 320

type Reference = Annotated[str, Meta(min_length=1, max_length=MAXIMUM_REFERENCE_LENGTH)]
type Limit = Annotated[int, Meta(ge=1, le=MAXIMUM_LIMIT, extra_json_schema={"default": DEFAULT_LIMIT})]
type Moment = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$", examples=["2026-05-28"])]

LIST_PARAMETERS = (
    Parameter(name="flow", kind=Flow, description="Only this flow."),
    Parameter(name="decision", kind=Decision, description="Only this decision."),
    Parameter(name="payment_id", kind=Reference, description="Only this payment_id of yours."),
    Parameter(name="order_id", kind=Reference, description="Only this order_id of yours."),
    Parameter(name="session_id", kind=Reference, description="Only this session."),
    Parameter(
        name="simulation",
        kind=Simulated,
        description="What to do with simulated payments: exclude (default), include or only.",
    ),
    Parameter(name="from_date", kind=Moment, description="Since this day or moment, ISO 8601, included."),
    Parameter(name="to_date", kind=Moment, description="Until this day or moment, ISO 8601, included."),
    Parameter(name="limit", kind=Limit, description="Payments in one page."),
    Parameter(name="cursor", kind=Reference, description="The next_cursor of an earlier answer."),
)

_NAMES = (
    "flow",
    "decision",
    "payment_id",
    "order_id",
    "session_id",
    "simulation",
    "from_date",
    "to_date",
    "limit",
    "cursor",
)
_NUMBER = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+", re.ASCII)
_YEARS = range(1970, 9999)


def read_filter(
    query: QueryDict, *, organization_id: uuid.UUID, environment: Environment, timezone: str
) -> TransactionFilter:
    """Return what the list is to show; raises ValidationFailed naming the parameter."""
    _refuse_repeats(query)
    zone = ZoneInfo(timezone)
    from_at, until_at = _read_from(query, zone), _read_until(query, zone)
    if from_at and until_at and from_at >= until_at:
        raise ValidationFailed.of_field("from_date", "must not be after to_date")
    return TransactionFilter(
        flow=_read_word(query, "flow", Flow),
        decision=_read_word(query, "decision", Decision),
        payment_id=_read_reference(query, "payment_id"),
        order_id=_read_reference(query, "order_id"),
        session_id=_read_reference(query, "session_id"),
        simulation=_read_word(query, "simulation", Simulated) or Simulated.EXCLUDE,
        from_at=from_at,
        until_at=until_at,
        below_id=_read_cursor(query, organization_id, environment),
        limit=_read_limit(query),
    )


def _refuse_repeats(query: QueryDict) -> None:
    for name in _NAMES:
        if len(query.getlist(name)) > 1:
            raise ValidationFailed.of_field(name, "must be given once")


def _read_word[W: StrEnum](query: QueryDict, name: str, words: type[W]) -> W | None:
    given = query.get(name)
    if given is None:
        return None
    if given not in set(words):
        raise ValidationFailed.of_field(name, f"must be one of {', '.join(words)}")
    return words(given)


def _read_reference(query: QueryDict, name: str) -> str | None:
    given = query.get(name)
    if given is not None and (not 0 < len(given) <= MAXIMUM_REFERENCE_LENGTH or "\x00" in given):
        raise ValidationFailed.of_field(name, f"must be text of 1 to {MAXIMUM_REFERENCE_LENGTH} characters")
    return given


def _read_limit(query: QueryDict) -> int:
    given = query.get("limit", str(DEFAULT_LIMIT))
    if not _NUMBER.fullmatch(given) or not 1 <= int(given) <= MAXIMUM_LIMIT:
        raise ValidationFailed.of_field("limit", f"must be a whole number from 1 to {MAXIMUM_LIMIT}")
    return int(given)


def _read_cursor(query: QueryDict, organization_id: uuid.UUID, environment: Environment) -> uuid.UUID | None:
    given = query.get("cursor")
    if given is None:
        return None
    return read_cursor(given, organization_id=organization_id, environment=environment)


def _read_from(query: QueryDict, zone: ZoneInfo) -> datetime | None:
    given = _read_moment(query, "from_date", zone)
    return _midnight(given, zone) if given is not None and not isinstance(given, datetime) else given


def _read_until(query: QueryDict, zone: ZoneInfo) -> datetime | None:
    """Return the first moment that is no longer wanted."""
    given = _read_moment(query, "to_date", zone)
    if given is None:
        return None
    if isinstance(given, datetime):
        return given + timedelta(microseconds=1)
    return _midnight(given + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _read_moment(query: QueryDict, name: str, zone: ZoneInfo) -> date | datetime | None:
    given = query.get(name)
    if given is None:
        return None
    try:
        moment = _parse_moment(given)
    except ValueError:
        raise _no_moment(name) from None
    if moment.year not in _YEARS:
        raise _no_moment(name)
    return moment.replace(tzinfo=zone) if isinstance(moment, datetime) and moment.tzinfo is None else moment


def _parse_moment(text: str) -> date | datetime:
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if _DATE_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    raise ValueError


def _no_moment(name: str) -> ValidationFailed:
    return ValidationFailed.of_field(
        name, "must be an ISO 8601 date or date-time (in a URL the + of an offset is written %2B)"
    )
