"""What tests of lists share: a bank and a stranger."""

import pytest

from accounts.models import Organization
from tests.factories.accounts import make_organization


@pytest.fixture
def bank(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def stranger(db: None) -> Organization:
    return make_organization()
