"""What of two protocols of one payment must be made anew."""

import uuid
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Any

import pytest

from bench.errors import BenchError
from bench.floor.comparing import Take, make_steps
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
    Plain,
)
from core.ids import make_uuid7


class IntEnumLike(IntEnum):
    NINE = 9


AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(seconds=3)
SAME = uuid.UUID(int=7)
ONE, OTHER = make_uuid7(at=AT), make_uuid7(at=LATER)
HASH, OTHER_HASH = uuid.UUID(int=1 << 90), uuid.UUID(int=2 << 90)


def compare(one: Any, other: Any) -> Any:
    takes = [
        Take([Said("execute", b"SELECT", parameters), Said("commit")], own_id, at)
        for parameters, own_id, at in ((one, "aaaaaaaaaaaa", AT), (other, "bbbbbbbbbbbb", LATER))
    ]
    steps = make_steps(*takes)
    assert steps is not None
    assert [step.name for step in steps] == ["execute", "commit"]
    return steps[0].parameters


CASES: list[tuple[Any, Any, Any]] = [
    (5, 6, Plain(5)),
    (None, None, Plain(None)),
    ("production", "production", Plain("production")),
    ("599", "600", Plain("599")),
    (b"answer", b"other", Plain(b"answer")),
    (SAME, SAME, Identifier(SAME.hex)),
    (ONE, OTHER, FreshIdentifier(0, is_timed=True, is_text=False)),
    (HASH, OTHER_HASH, FreshIdentifier(0, is_timed=False, is_text=False)),
    (str(ONE), str(OTHER), FreshIdentifier(0, is_timed=True, is_text=True)),
    (AT + timedelta(hours=48), LATER + timedelta(hours=48), FreshMoment(48 * 3600.0)),
    (AT, AT, Moment(AT)),
    (date(2026, 5, 1), date(2026, 5, 1), Day(date(2026, 5, 1))),
    ("ps_1795562809827_419d9016a", "ps_1795562809999_5555abcde", FreshSession()),
    ("pay-aaaaaaaaaaaa!", "pay-bbbbbbbbbbbb!", FreshText("pay-", "!")),
    ('{"id": "aaaaaaaaaaaa"}', '{"id": "bbbbbbbbbbbb"}', Plain('{"id": "aaaaaaaaaaaa"}')),
    (IntEnumLike.NINE, IntEnumLike.NINE, Plain(9)),
    (["x", None], ["x", None], Many([Plain("x"), Plain(None)])),
    ([str(SAME), ONE], [str(SAME), OTHER], Many([Plain(str(SAME)), FreshIdentifier(0, True, False)])),
]


@pytest.mark.parametrize(("one", "other", "expected"), CASES, ids=[f"case {number}" for number in range(len(CASES))])
def test_a_parameter_is_kept_or_made_anew(one: Any, other: Any, expected: Any) -> None:
    assert compare({"given": one}, {"given": other}) == {"given": expected}


def test_an_id_is_the_same_in_all_its_places() -> None:
    made = compare(
        {"id": ONE, "key": HASH, "subject": str(ONE)}, {"id": OTHER, "key": OTHER_HASH, "subject": str(OTHER)}
    )
    assert [made["id"].number, made["key"].number, made["subject"].number] == [0, 1, 0]


def test_parameters_by_place_stay_so() -> None:
    assert compare([1, "a"], [1, "a"]) == [Plain(1), Plain("a")]
    assert compare(None, None) is None


def test_protocols_of_other_statements_are_not_compared() -> None:
    one = Take([Said("execute", b"SELECT 1")], "a", AT)
    assert make_steps(one, Take([Said("execute", b"SELECT 2")], "b", AT)) is None
    assert make_steps(one, Take([], "b", AT)) is None


def test_a_parameter_that_cannot_be_repeated_stops_the_run() -> None:
    with pytest.raises(BenchError, match="type complex"):
        compare({"given": 1j}, {"given": 1j})
