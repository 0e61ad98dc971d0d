"""What tests of jobs share."""

import pytest

from accounts.models import Membership, Organization
from tests.factories import jobs
from tests.factories.accounts import make_member, make_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def member(organization: Organization) -> Membership:
    return make_member(organization=organization)


@pytest.fixture(autouse=True)
def _nothing_ended() -> None:
    jobs.ended.clear()
