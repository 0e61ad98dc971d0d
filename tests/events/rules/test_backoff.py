from datetime import timedelta

import pytest

from events.rules.backoff import get_wait


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=1)),
        (7, timedelta(minutes=32)),
        (8, timedelta(hours=1)),
        (100_000, timedelta(hours=1)),
    ],
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, wait: timedelta) -> None:
    assert get_wait(attempts=attempts) == wait
