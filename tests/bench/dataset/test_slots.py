"""The hours in which the past happens."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from bench.dataset.sizes import DAYS
from bench.dataset.slots import Rhythm, count_slots, list_slots

NOW = datetime(2026, 5, 3, 2, 30, tzinfo=UTC)
SLOTS = list(list_slots(NOW))
BUSINESS = Counter(begins_at for rhythm, _, begins_at in SLOTS if rhythm == Rhythm.BUSINESS)


def test_slots_are_numbered_from_zero_in_each_rhythm() -> None:
    for rhythm in Rhythm:
        assert [number for each, number, _ in SLOTS if each == rhythm] == list(range(count_slots(rhythm)))


def test_all_are_over_by_now_and_none_is_older_than_ninety_days() -> None:
    moments = [begins_at for _, _, begins_at in SLOTS]
    assert max(moments) == NOW - timedelta(hours=1)
    assert min(moments) >= NOW - timedelta(days=DAYS)


def test_whenever_the_past_is_made_it_ends_on_a_busy_wednesday_afternoon() -> None:
    assert [BUSINESS[NOW - timedelta(hours=hours)] for hours in (1, 7, 8, 9, 10)] == [3, 3, 1, 1, 0]


def test_companies_rest_at_the_weekend_and_pay_twice_as_much_on_fridays() -> None:
    noon = NOW - timedelta(hours=4)
    week = [BUSINESS[noon - timedelta(days=days)] for days in range(7)]
    assert week == [3, 3, 3, 0, 0, 6, 3]
