"""When an entry ends, and when somebody should look at it again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.rules.review import LATEST_END, decide_state, is_to_review, prolong
from blocklists.types import EntryState
from tests.blocklists.factories import NOW


@pytest.mark.parametrize(
    ("is_active", "days", "state"),
    [
        (True, None, EntryState.IN_FORCE),
        (True, 1, EntryState.IN_FORCE),
        (True, 0, EntryState.EXPIRED),
        (True, -1, EntryState.EXPIRED),
        (False, None, EntryState.OFF),
        (False, -1, EntryState.OFF),
    ],
)
def test_an_entry_acts_until_it_ends_or_is_switched_off(is_active: bool, days: int | None, state: EntryState) -> None:
    expires_at = None if days is None else NOW + timedelta(days=days)
    assert decide_state(is_active=is_active, expires_at=expires_at, at=NOW) is state


@pytest.mark.parametrize(
    ("is_active", "days", "expected"),
    [
        (True, None, False),
        (True, 7, True),
        (True, 7.01, False),
        (True, 0, True),
        (True, -29.99, True),
        (True, -30, False),
        (False, 1, False),
    ],
)
def test_an_entry_is_reviewed_from_a_week_before_its_end_until_a_month_after(
    is_active: bool, days: float | None, expected: bool
) -> None:
    expires_at = None if days is None else NOW + timedelta(days=days)
    assert is_to_review(is_active=is_active, expires_at=expires_at, at=NOW) is expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (None, None),
        (NOW + timedelta(days=3), NOW + timedelta(days=93)),
        (NOW - timedelta(days=3), NOW + timedelta(days=90)),
        (LATEST_END - timedelta(days=3), LATEST_END),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_end_moves_on_by_ninety_days_up_to_the_latest(end: datetime | None, expected: datetime | None) -> None:
    assert prolong(end, at=NOW) == expected


@given(st.datetimes(timezones=st.just(UTC)))
def test_whatever_end_is_stored_it_is_never_brought_forward(end: datetime) -> None:
    prolonged = prolong(end, at=NOW)
    assert prolonged is not None
    assert end <= prolonged <= max(end, LATEST_END)
