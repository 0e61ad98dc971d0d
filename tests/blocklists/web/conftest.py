"""What tests of the lists' pages share: an administrator with a browser, and a stranger with another."""

import pytest
from django.test import Client

from accounts.models import Membership
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as

LIST = "/dashboard/protection/blocklists"


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


@pytest.fixture
def stranger() -> Client:
    """The administrator of another organization."""
    return sign_in_as(make_member(organization=make_organization()))
