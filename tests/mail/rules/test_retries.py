from datetime import timedelta

import pytest

from mail.rules.retries import decide_next_try, is_permanent
from tests.mail.conftest import NOW


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (1000, 3600)])
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert decide_next_try(created_at=NOW, attempts=attempts, now=NOW) == NOW + timedelta(seconds=seconds)


def test_a_message_of_yesterday_is_not_tried_again() -> None:
    almost = NOW + timedelta(days=1, seconds=-1)
    assert decide_next_try(created_at=NOW, attempts=30, now=almost) == almost + timedelta(hours=1)
    assert decide_next_try(created_at=NOW, attempts=30, now=NOW + timedelta(days=1)) is None


@pytest.mark.parametrize(("code", "is_last"), [(None, False), (450, False), (499, False), (500, True), (550, True)])
def test_only_a_servers_last_word_is_the_last(code: int | None, is_last: bool) -> None:
    assert is_permanent(reply_code=code) is is_last
