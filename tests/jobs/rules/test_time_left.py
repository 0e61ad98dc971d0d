import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.environments import Environment
from jobs.rules.time_left import estimate_time_left
from jobs.types import JobFacts, JobState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _job(**fields: Any) -> JobFacts:
    given: dict[str, Any] = {
        "id": uuid.uuid4(),
        "organization_id": uuid.uuid4(),
        "environment": Environment.SANDBOX,
        "kind": "tests.counting",
        "state": JobState.RUNNING,
        "parameters": {},
        "done_count": 250,
        "total_count": 1000,
        "result": {},
        "error_code": "",
        "requested_by": None,
        "actor_name": "",
        "attempts": 0,
        "created_at": NOW,
        "started_at": NOW - timedelta(seconds=10),
        "finished_at": None,
        "heartbeat_at": NOW,
        "cancel_requested_at": None,
    }
    return JobFacts(**(given | fields))


def test_what_is_left_takes_as_long_as_the_pace_of_so_far_says() -> None:
    assert estimate_time_left(_job(), now=NOW) == timedelta(seconds=30)


def test_a_job_that_did_more_than_was_thought_has_no_time_left() -> None:
    assert estimate_time_left(_job(done_count=1001), now=NOW) == timedelta()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": JobState.QUEUED},
        {"state": JobState.DONE},
        {"total_count": None},
        {"total_count": 0},
        {"done_count": 0},
        {"started_at": None},
        {"started_at": NOW - timedelta(seconds=2.9)},
    ],
)
def test_nobody_can_say_while_there_is_no_pace(fields: dict[str, Any]) -> None:
    assert estimate_time_left(_job(**fields), now=NOW) is None
