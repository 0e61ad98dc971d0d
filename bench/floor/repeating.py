"""Saying a script again, with what must be new made new: the same statements in the same round trips."""

import os
import random
import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types import numeric
from psycopg.types.string import TextLoader

from bench.floor.scripts import (
    Day,
    FreshIdentifier,
    FreshMoment,
    FreshSession,
    FreshText,
    Identifier,
    Many,
    Moment,
    Parameter,
    Plain,
    Script,
    Step,
)
from core.ids import make_base36, make_uuid7

_ENDS = frozenset({b"BEGIN", b"COMMIT"})

type Connection = psycopg.Connection[tuple[Any, ...]]
type Maker = Callable[["Call"], Any]

PREPARED_AT_MOST = 500
"""More than the statements of both flows, so that none is prepared twice."""


class Call:
    """What one repetition makes anew."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.own_id = secrets.token_hex(6)
        self._identifiers: dict[int, uuid.UUID] = {}

    def identify(self, number: int, *, is_timed: bool) -> uuid.UUID:
        """Return the UUID with that number, the same as often as it is asked for."""
        found = self._identifiers.get(number)
        if found is None:
            found = make_uuid7(at=self.now) if is_timed else uuid.UUID(bytes=os.urandom(16))
            self._identifiers[number] = found
        return found


def connect(url: str) -> Connection:
    """Return a connection set up as the application's are: autocommit, JSON left as text."""
    connection = psycopg.connect(url, autocommit=True, application_name="floor")
    connection.prepared_max = PREPARED_AT_MOST
    connection.adapters.register_loader("jsonb", TextLoader)
    return connection


def make_constant(parameter: Parameter) -> Any:
    """Return the value of a parameter that stays the same; raises ValueError for one that does not."""
    found: Any
    match parameter:
        case Plain(found) | Moment(found) | Day(found):
            return numeric.Int8(found) if type(found) is int else found  # one plan, however small the number
        case Identifier(text):
            return uuid.UUID(text)
        case Many(items):
            return [make_constant(item) for item in items]
    raise ValueError("made anew in every call")


def make_maker(parameter: Parameter) -> Maker | None:
    """Return what makes the parameter's value in each call, None when it stays the same."""
    match parameter:
        case FreshIdentifier(number, is_timed, is_text):
            return _make_identifier_maker(number, is_timed=is_timed, is_text=is_text)
        case FreshSession():
            return lambda call: f"ps_{int(call.now.timestamp() * 1000)}_{make_base36(9)}"
        case FreshText(before, after):
            return lambda call: f"{before}{call.own_id}{after}"
        case FreshMoment(seconds):
            return lambda call, shift=timedelta(seconds=seconds): call.now + shift  # type: ignore[misc]
        case Many(items):
            return _make_list_maker(items)
    return None


def _make_identifier_maker(number: int, *, is_timed: bool, is_text: bool) -> Maker:
    if is_text:
        return lambda call: str(call.identify(number, is_timed=is_timed))
    return lambda call: call.identify(number, is_timed=is_timed)


def _make_list_maker(items: Sequence[Parameter]) -> Maker | None:
    makers = [make_maker(item) for item in items]
    if not any(makers):
        return None
    parts = [maker or _constantly(make_constant(item)) for maker, item in zip(makers, items, strict=True)]
    return lambda call: [part(call) for part in parts]


def _constantly(value: Any) -> Maker:
    return lambda _call: value


class Execution:
    """A statement ready to be run: its constant parameters, and the makers of the others."""

    def __init__(self, step: Step) -> None:
        self.sql = step.sql
        given: Any = step.parameters
        self._constants = given
        self._makers: list[tuple[Any, Maker]] = []
        if given is not None:
            pairs = list(given.items() if isinstance(given, dict) else enumerate(given))
            makers = {name: make_maker(parameter) for name, parameter in pairs}
            self._makers = [(name, maker) for name, maker in makers.items() if maker]
            values = {name: None if makers[name] else make_constant(parameter) for name, parameter in pairs}
            self._constants = values if isinstance(given, dict) else list(values.values())

    def run(self, connection: Connection, call: Call) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run it; inside a pipeline it is only sent."""
        parameters = self._constants
        if self._makers:
            parameters = parameters.copy()
            for name, maker in self._makers:
                parameters[name] = maker(call)
        cursor = psycopg.Cursor(connection)
        cursor.execute(self.sql, parameters, prepare=True)
        return cursor


class Repeater:
    """A script ready to be said again and again."""

    def __init__(self, script: Script) -> None:
        self.answer = script.answer
        self.steps = [(step, Execution(step) if step.name == "execute" else None) for step in script.steps]

    def run(self, connection: Connection) -> None:
        """Say the whole script once, as a call of its own."""
        call, cursors = Call(), []
        opened, pipeline = None, None
        for step, execution in self.steps:
            if execution is not None:
                cursors.append(execution.run(connection, call))
            elif step.name == "fetch":
                cursors[step.place].fetchall()
            elif step.name == "open":
                opened = connection.pipeline()
                pipeline = opened.__enter__()
            elif step.name == "sync" and pipeline is not None:
                pipeline.sync()
            elif opened is not None:
                opened.__exit__(None, None, None)

    def time(self, connection: Connection) -> Iterator[tuple[bytes, float]]:
        """Yield each statement, run alone in the transaction that is open, with the milliseconds that it took."""
        call = Call()
        for _, execution in self.steps:
            if execution is not None and execution.sql not in _ENDS:
                began = time.perf_counter()
                execution.run(connection, call)
                yield execution.sql, (time.perf_counter() - began) * 1000


def choose_repeater(repeaters: Sequence[Repeater]) -> Repeater:
    """Return one of them at random."""
    return random.choice(repeaters)  # noqa: S311  which payment comes next is no secret
