"""One limit over several web processes."""

from collections import Counter
from collections.abc import Iterator

import pytest

from accounts.models import ApiKey, Organization
from tests.factories.accounts import make_api_key, make_organization
from tests.web import running_web


@pytest.fixture
def limited_key(committing_database: None) -> Iterator[str]:
    """A key of 20 calls a minute that other processes see."""
    organization = make_organization()
    _, full = make_api_key(organization=organization, rate_limit_per_minute=20)
    yield full
    ApiKey.unscoped.filter(organization=organization).delete()
    Organization.objects.filter(pk=organization.id).delete()


def test_several_processes_admit_exactly_the_limit_together_400s_included(limited_key: str) -> None:
    calls = [{"path": "/api/v1/assess", "body": {}, "key": limited_key}] * 60
    with running_web(workers=3, threads=4) as web:
        answers = web.post_many(calls, at_once=8)
    assert Counter(answer.status for answer in answers) == {400: 20, 429: 40}
    left = sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in answers if answer.status == 400)
    assert left == list(range(20))
