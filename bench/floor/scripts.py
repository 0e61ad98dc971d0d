"""What one assessment says to PostgreSQL, written down: calls of psycopg in their order, with their parameters.

A parameter that must be new in every call (an id, a session, the present moment) is written as such.
"""

from datetime import date, datetime
from typing import Any

import msgspec

type Parameter = Plain | Identifier | Moment | Day | Many | FreshIdentifier | FreshSession | FreshText | FreshMoment


class Plain(msgspec.Struct, frozen=True, tag="plain"):
    """None, a truth, a number, a text or bytes, as it is."""

    value: Any


class Identifier(msgspec.Struct, frozen=True, tag="uuid"):
    hex: str


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    at: datetime


class Day(msgspec.Struct, frozen=True, tag="day"):
    day: date


class Many(msgspec.Struct, frozen=True, tag="many"):
    items: "list[Parameter]"


class FreshIdentifier(msgspec.Struct, frozen=True, tag="fresh_uuid"):
    """A UUID that every call makes anew: the same in all places with this number. `is_text`: as a string."""

    number: int
    is_timed: bool
    is_text: bool


class FreshSession(msgspec.Struct, frozen=True, tag="fresh_session"):
    """A session id that every call makes anew."""


class FreshText(msgspec.Struct, frozen=True, tag="fresh_text"):
    """A text with the call's own id in it."""

    before: str
    after: str


class FreshMoment(msgspec.Struct, frozen=True, tag="fresh_moment"):
    """A moment that lay so many seconds after the beginning of the call."""

    seconds: float


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call of psycopg: execute, fetch, and the opening, the syncs and the closing of a pipeline."""

    name: str
    sql: bytes = b""
    parameters: "dict[str, Parameter] | list[Parameter] | None" = None
    place: int = 0
    """Of a fetch: which of the execute steps it fetches from."""


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """All steps of one assessment, the bytes of its answer, how many statements went out in each round trip,
    and before each sync."""

    flow: str
    steps: list[Step]
    answer: bytes
    round_trips: list[int]
    syncs: list[int]


def encode_scripts(scripts: list[Script]) -> bytes:
    """Return the scripts as they are kept in a file."""
    return msgspec.msgpack.encode(scripts)


def decode_scripts(data: bytes) -> list[Script]:
    """Return the scripts of a file."""
    return msgspec.msgpack.decode(data, type=list[Script])
