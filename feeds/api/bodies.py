"""The JSON of lists from outside, in and out."""

from typing import Annotated

import msgspec
from django.http import HttpRequest
from msgspec import Meta

from core.api.bodies import decode, read_object, refuse_unknown_fields
from core.api.responses import format_time
from feeds.rules.new_feed import LEAST_HOURS, LONGEST_TEXT, LONGEST_TITLE, LONGEST_URL, MOST_DAYS, MOST_HOURS
from feeds.types import FeedFacts, FeedHealth, FeedKind, NewFeed

type Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
type Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
type Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
type Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
type Licence = Annotated[str, Meta(max_length=LONGEST_TITLE)]
type Url = Annotated[str, Meta(max_length=LONGEST_URL, description="https, public, without credentials")]
type Hours = Annotated[int, Meta(ge=LEAST_HOURS, le=MOST_HOURS)]
type Days = Annotated[int, Meta(ge=1, le=MOST_DAYS)]


class AddFeedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /api/v1/feeds`. Without `schedule_hours` the list is fetched once, and when it is asked for."""

    kind: FeedKind
    title: Title
    url: Url
    schedule_hours: Hours | None = None
    stale_after_days: Days | None = None
    source: Text = ""
    licence: Licence = ""


class SwitchFeedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`PATCH /api/v1/feeds/{code}`."""

    is_active: bool


class FeedBody(msgspec.Struct, frozen=True, kw_only=True):
    """A list, as the API shows it. `version` is null for one that comes with Clausum: its date tells it."""

    code: str
    kind: FeedKind
    title: str
    source: str
    url: str
    licence: str
    is_builtin: bool
    is_active: bool
    is_contracted: bool
    state: FeedHealth
    version: int | None
    as_of: Day | None
    sha256: str
    entries: int
    added: int | None
    removed: int | None
    hits_30d: int
    schedule_hours: int | None
    stale_after_days: int | None
    confirmed_at: Time | None
    refresh_at: Time | None
    failure: str | None


class FeedsBody(msgspec.Struct, frozen=True, kw_only=True):
    """All lists, the organization's own first."""

    data: list[FeedBody]


def read_new_feed(request: HttpRequest) -> NewFeed:
    """Return the list that the body asks for. Raises ValidationFailed."""
    body = _read(request, AddFeedBody)
    return NewFeed(**msgspec.structs.asdict(body))


def read_switch(request: HttpRequest) -> bool:
    """Return whether the list is to be on. Raises ValidationFailed."""
    return _read(request, SwitchFeedBody).is_active


def _read[T: msgspec.Struct](request: HttpRequest, kind: type[T]) -> T:
    tree = read_object(request)
    refuse_unknown_fields(tree, kind)
    return decode(tree, kind)


def make_feed_body(feed: FeedFacts) -> FeedBody:
    """Return the list as the API shows it."""
    return FeedBody(
        code=feed.code,
        kind=feed.kind,
        title=feed.title,
        source=feed.source,
        url=feed.url,
        licence=feed.licence,
        is_builtin=feed.is_builtin,
        is_active=feed.is_active,
        is_contracted=not feed.is_locked,
        state=feed.health,
        version=feed.version,
        as_of=feed.as_of.isoformat() if feed.as_of else None,
        sha256=feed.sha256,
        entries=feed.entries,
        added=feed.added,
        removed=feed.removed,
        hits_30d=feed.hits_30d,
        schedule_hours=feed.schedule_hours,
        stale_after_days=feed.stale_after_days,
        confirmed_at=format_time(feed.confirmed_at),
        refresh_at=format_time(feed.refresh_at),
        failure=feed.failure or None,
    )
