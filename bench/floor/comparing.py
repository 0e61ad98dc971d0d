"""From two protocols of the same payment to a script: what differs between them must be new in every call."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bench.errors import BenchError
from bench.floor.listening import Said
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
    Step,
)

_SESSION = re.compile(r"ps_\d+_[0-9a-z]{9}")
_TIMED = 7
"""The version of UUIDs that begin with their time."""


@dataclass(frozen=True, slots=True)
class Take:
    """One protocol: what was said, the id that the call brought along, and when it began."""

    said: list[Said]
    own_id: str
    began_at: datetime


@dataclass
class _Comparison:
    one: Take
    other: Take
    fresh: dict[uuid.UUID, int] = field(default_factory=dict)


def make_steps(one: Take, other: Take) -> list[Step] | None:
    """Return the steps of the first, or None when the two did not say the same statements in the same order."""
    if [(said.name, said.sql) for said in one.said] != [(said.name, said.sql) for said in other.said]:
        return None
    comparison = _Comparison(one, other)
    pairs = list(zip(one.said, other.said, strict=True))
    for said, again in pairs:
        _find_fresh(comparison, said.parameters, again.parameters)
    return [_make_step(comparison, said, again) for said, again in pairs]


def _find_fresh(comparison: _Comparison, one: Any, other: Any) -> None:
    """Number the UUIDs that differ, wherever they stand."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name, value in one.items():
            _find_fresh(comparison, value, other.get(name))
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for value, again in zip(one, other, strict=True):
            _find_fresh(comparison, value, again)
    else:
        found, again = _read_uuid(one), _read_uuid(other)
        if found is not None and again is not None and found != again:
            comparison.fresh.setdefault(found, len(comparison.fresh))


def _read_uuid(value: Any) -> uuid.UUID | None:
    if isinstance(value, str) and len(value) in {32, 36}:
        try:
            return uuid.UUID(value)
        except ValueError:
            return None
    return value if isinstance(value, uuid.UUID) else None


def _make_step(comparison: _Comparison, said: Said, again: Said) -> Step:
    parameters: dict[str, Parameter] | list[Parameter] | None = None
    if isinstance(said.parameters, dict):
        parameters = {
            name: _make_parameter(comparison, value, again.parameters.get(name))
            for name, value in said.parameters.items()
        }
    elif said.parameters is not None:
        pairs = zip(said.parameters, again.parameters, strict=True)
        parameters = [_make_parameter(comparison, value, other) for value, other in pairs]
    return Step(said.name, said.sql, parameters, said.place)


def _make_parameter(comparison: _Comparison, value: Any, other: Any) -> Parameter:
    found = _read_uuid(value)
    if found is not None and found in comparison.fresh:
        is_timed = found.version == _TIMED
        return FreshIdentifier(comparison.fresh[found], is_timed=is_timed, is_text=isinstance(value, str))
    if isinstance(value, str):
        return _make_text(comparison, value)
    if isinstance(value, datetime):
        seconds = (value - comparison.one.began_at).total_seconds()
        return Moment(value) if value == other else FreshMoment(seconds)
    return _make_constant(comparison, value, other)


def _make_text(comparison: _Comparison, value: str) -> Parameter:
    if _SESSION.fullmatch(value):
        return FreshSession()
    if comparison.one.own_id in value and not value.startswith(("{", "[")):
        before, _, after = value.partition(comparison.one.own_id)
        return FreshText(before, after)
    return Plain(value)


def _make_constant(comparison: _Comparison, value: Any, other: Any) -> Parameter:
    if value is None or isinstance(value, bool | bytes):
        return Plain(value)
    if isinstance(value, int):
        return Plain(int(value))
    if isinstance(value, uuid.UUID):
        return Identifier(value.hex)
    if isinstance(value, date):
        return Day(value)
    if isinstance(value, list | tuple):
        others = other if isinstance(other, list | tuple) and len(other) == len(value) else value
        return Many([_make_parameter(comparison, item, again) for item, again in zip(value, others, strict=True)])
    raise BenchError(f"the floor does not know how to repeat a parameter of type {type(value).__name__}")
