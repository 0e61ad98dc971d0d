"""One limit over several web processes."""

from collections import Counter

import pytest

from tests.factories.accounts import make_api_key, make_organization
from tests.web import running_web


@pytest.mark.django_db(transaction=True)
def test_several_processes_admit_exactly_the_limit_together_400s_included() -> None:
    _, full = make_api_key(organization=make_organization(), rate_limit_per_minute=20)
    with running_web(workers=3, threads=4) as web:
        answers = web.post_many([{"path": "/api/v1/assess", "body": {}, "key": full}] * 60, at_once=8)
    assert Counter(answer.status for answer in answers) == {400: 20, 429: 40}
    left = sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in answers if answer.status == 400)
    assert left == list(range(20))
