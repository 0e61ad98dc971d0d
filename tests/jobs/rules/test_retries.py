from datetime import timedelta

from jobs.rules.retries import find_wait


def test_each_try_in_a_row_waits_twice_as_long_and_the_fifth_is_the_last() -> None:
    waits = [find_wait(attempts=attempts) for attempts in range(1, 6)]
    assert waits == [*(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)), None]
