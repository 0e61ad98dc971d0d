"""When payments happen: the hours of the last 90 days, each as often as it is busy.

The week is turned so that the moment of filling is a Wednesday at four in the afternoon: what the last hour and day
hold, and so what an assessment costs, does not depend on when the benchmark is run.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import IntEnum

from bench.dataset.sizes import DAYS

_NOW = datetime(2025, 1, 1, 16)  # noqa: DTZ001  a Wednesday, on no clock
_PAYDAYS = {4: 2}
"""Payrolls go out on Fridays: that many times as much as on another working day."""
_SATURDAY = 5


class Rhythm(IntEnum):
    """Who pays when."""

    BUSINESS = 0
    PEOPLE = 1


def list_slots(now: datetime) -> Iterator[tuple[int, int, datetime]]:
    """Yield (rhythm, number, beginning) of hours that are over by now, numbered from 0 within each rhythm."""
    for rhythm in Rhythm:
        number = 0
        for hours in range(DAYS * 24):
            local = _NOW - timedelta(hours=hours + 1)
            for _ in range(_weigh(rhythm, local)):
                yield int(rhythm), number, now - timedelta(hours=hours + 1)
                number += 1


def count_slots(rhythm: Rhythm) -> int:
    """Return how many slots a rhythm has."""
    return sum(_weigh(rhythm, _NOW - timedelta(hours=hours + 1)) for hours in range(DAYS * 24))


def _weigh(rhythm: Rhythm, local: datetime) -> int:
    if rhythm is Rhythm.PEOPLE:
        return 1 if local.hour < 8 else 5
    if local.weekday() >= _SATURDAY or not 7 <= local.hour < 20:
        return 0
    return _PAYDAYS.get(local.weekday(), 1) * (3 if 9 <= local.hour < 18 else 1)
