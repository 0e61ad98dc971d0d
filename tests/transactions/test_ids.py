"""Ids that sort by time."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from core.ids import ceiling_of_time, floor_of_time, make_uuid7
from transactions.ids import make_history_id

AT = datetime(2026, 11, 22, 18, 0, 0, 123456, tzinfo=UTC)


def test_every_id_of_a_moment_lies_between_its_floor_and_its_ceiling() -> None:
    for microseconds in range(0, 5_000, 37):
        at = AT + timedelta(microseconds=microseconds)
        assert floor_of_time(at) < make_uuid7(at=at) < ceiling_of_time(at)
        assert floor_of_time(at) < make_history_id(at=at, content=b"x") < ceiling_of_time(at)


def test_ids_of_ten_milliseconds_earlier_or_later_lie_outside() -> None:
    assert make_uuid7(at=AT - timedelta(milliseconds=10)) < floor_of_time(AT)
    assert make_uuid7(at=AT + timedelta(milliseconds=10)) > ceiling_of_time(AT)


def test_ids_of_one_moment_ascend_as_they_are_made_and_differ() -> None:
    made = [make_uuid7(at=AT) for _ in range(2_000)]
    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, uuid.RFC_4122)}


def test_ids_of_a_later_microsecond_are_above_whichever_is_made_first() -> None:
    later = make_uuid7(at=AT + timedelta(microseconds=1))
    assert make_uuid7(at=AT) < later < make_uuid7(at=AT + timedelta(microseconds=2))


def test_ids_made_by_several_threads_at_once_differ() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = [
            each for ids in threads.map(lambda _: [make_uuid7(at=AT) for _ in range(500)], range(4)) for each in ids
        ]
    assert len(set(made)) == 2_000


@pytest.mark.parametrize("microsecond", [0, 999_999, 123_456])
def test_the_time_of_an_id_is_the_whole_millisecond_of_the_moment(microsecond: int) -> None:
    at = AT.replace(microsecond=microsecond)
    assert make_uuid7(at=at).int >> 80 == 1795370400_000 + microsecond // 1000


def test_a_history_id_is_a_uuid7_of_the_time_and_the_same_for_the_same_content() -> None:
    made = make_history_id(at=AT, content=b"payment:1")
    assert made == make_history_id(at=AT, content=b"payment:1")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1795370400123
    assert made != make_history_id(at=AT, content=b"payment:2")
    assert made != make_history_id(at=AT + timedelta(milliseconds=1), content=b"payment:1")


@pytest.mark.parametrize("at", [datetime(1960, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_moments_that_no_id_can_have_are_bounded_and_do_not_fail(at: datetime) -> None:
    assert floor_of_time(at) <= ceiling_of_time(at)
