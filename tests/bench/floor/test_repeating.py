"""What a repetition makes anew."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg.types.numeric import Int8

from bench.floor.repeating import Call, make_constant, make_maker
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
)

AT = datetime(2026, 5, 1, tzinfo=UTC)


def make(parameter: Parameter, call: Call) -> Any:
    maker = make_maker(parameter)
    assert maker is not None
    return maker(call)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (Plain("a"), "a"),
        (Identifier(uuid.UUID(int=3).hex), uuid.UUID(int=3)),
        (Moment(AT), AT),
        (Day(date(2026, 5, 1)), date(2026, 5, 1)),
        (Many([Plain(1), Plain(None)]), [1, None]),
    ],
)
def test_a_constant_is_what_it_was(parameter: Parameter, value: Any) -> None:
    assert make_maker(parameter) is None
    assert make_constant(parameter) == value


def test_a_number_is_of_one_type_however_small_it_is() -> None:
    number = make_constant(Plain(9))
    assert (type(number), number) == (Int8, 9)


def test_an_id_is_one_within_a_call_and_another_in_the_next() -> None:
    call, fresh = Call(), FreshIdentifier(0, is_timed=True, is_text=False)
    made = make(fresh, call)
    assert (made.version, make(fresh, call)) == (7, made)
    assert make(FreshIdentifier(0, is_timed=True, is_text=True), call) == str(made)
    assert make(FreshIdentifier(1, is_timed=False, is_text=False), call) != made
    assert make(fresh, Call()) != made


def test_times_and_texts_are_the_calls_own() -> None:
    call = Call()
    assert (make(FreshMoment(-60.0), call) - call.now).total_seconds() == -60
    assert make(FreshText("pay-", "!"), call) == f"pay-{call.own_id}!"
    assert make(FreshSession(), call).startswith(f"ps_{int(call.now.timestamp() * 1000)}_")
    assert make(Many([Plain("a"), FreshText("", "")]), call) == ["a", call.own_id]


def test_what_is_made_anew_is_no_constant() -> None:
    with pytest.raises(ValueError, match="anew"):
        make_constant(FreshSession())
