from datetime import UTC, datetime, timedelta

import pytest

from feeds.rules.refreshing import decide_health, decide_review, find_next_refresh, is_stale
from feeds.types import FeedHealth, ReviewReason

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entries", "before", "is_mostly_unreadable", "reason"),
    [
        (0, 0, False, ReviewReason.EMPTY),
        (0, 100, True, ReviewReason.EMPTY),
        (49, 100, False, ReviewReason.SHRUNK),
        (50, 100, False, None),
        (1, 0, False, None),
        (100, 100, True, ReviewReason.UNREADABLE),
        (1_300, 100, False, None),
        (1_301, 100, False, ReviewReason.GROWN),
        (2_000_000, 0, False, None),
    ],
)
def test_a_list_that_is_empty_halved_swollen_or_of_another_kind_waits_for_a_person(
    entries: int, before: int, is_mostly_unreadable: bool, reason: ReviewReason | None
) -> None:
    assert decide_review(entries=entries, before=before, is_mostly_unreadable=is_mostly_unreadable) is reason


def test_a_list_that_adds_more_than_a_64th_of_all_addresses_waits_for_a_person() -> None:
    told = [
        decide_review(entries=100, before=100, is_mostly_unreadable=False, breadth=breadth)
        for breadth in (4 / 256, 4.01 / 256)
    ]
    assert told == [None, ReviewReason.BROAD]


def test_a_failure_is_tried_again_within_the_hour_and_without_a_schedule_never() -> None:
    assert find_next_refresh(now=NOW, schedule_hours=24) == NOW + timedelta(hours=24)
    assert find_next_refresh(now=NOW, schedule_hours=24, has_failed=True) == NOW + timedelta(hours=1)
    assert find_next_refresh(now=NOW, schedule_hours=None, has_failed=True) is None


def test_a_list_is_stale_after_its_days_and_not_before() -> None:
    week = NOW - timedelta(days=7)
    assert not is_stale(confirmed_at=week, stale_after_days=7, now=NOW)
    assert is_stale(confirmed_at=week, stale_after_days=7, now=NOW + timedelta(seconds=1))
    assert not is_stale(confirmed_at=None, stale_after_days=7, now=NOW)
    assert not is_stale(confirmed_at=week, stale_after_days=None, now=NOW)


def test_the_most_pressing_is_told() -> None:
    said = {"is_waiting": True, "is_to_review": True, "has_failed": True, "is_old": True}
    order = []
    for name in ("is_to_review", "is_old", "has_failed", "is_waiting"):
        order.append(decide_health(**said))
        said[name] = False
    assert [*order, decide_health(**said)] == [
        FeedHealth.TO_REVIEW,
        FeedHealth.STALE,
        FeedHealth.FAILING,
        FeedHealth.WAITING,
        FeedHealth.CURRENT,
    ]
