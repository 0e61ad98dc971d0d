from datetime import timedelta

import pytest

from core.unit_of_work import UnitOfWorkMisused, unit_of_work
from events.models import WorkerHeartbeat
from events.queries import get_worker_age
from events.services.beat_heart import beat_heart
from tests.events.trail import NOW

pytestmark = pytest.mark.django_db


def _beat(name: str, **ago: float) -> None:
    with unit_of_work():
        beat_heart(name=name, now=NOW - timedelta(**ago))


def test_no_worker_was_ever_alive() -> None:
    assert get_worker_age(now=NOW) is None


def test_the_youngest_beat_of_any_worker_counts() -> None:
    _beat("one", seconds=40)
    _beat("two", seconds=10)
    assert get_worker_age(now=NOW) == timedelta(seconds=10)


def test_a_worker_has_one_row_however_often_it_beats() -> None:
    _beat("one", seconds=40)
    _beat("one", seconds=5)
    assert list(WorkerHeartbeat.objects.values_list("name", "seen_at")) == [("one", NOW - timedelta(seconds=5))]


def test_workers_of_the_day_before_are_forgotten() -> None:
    _beat("yesterday", hours=24, seconds=1)
    _beat("this morning", hours=23)
    _beat("now")
    assert sorted(WorkerHeartbeat.objects.values_list("name", flat=True)) == ["now", "this morning"]


def test_a_clock_that_is_behind_gives_no_negative_age() -> None:
    _beat("ahead", seconds=-3)
    assert get_worker_age(now=NOW) == timedelta()


def test_a_beat_needs_a_unit_of_work() -> None:
    with pytest.raises(UnitOfWorkMisused):
        beat_heart(name="one", now=NOW)
    assert WorkerHeartbeat.objects.count() == 0
