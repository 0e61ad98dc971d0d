"""What tests of the lists' pages share: an administrator with a browser, and a stranger with another."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Membership
from blocklists.models import BlocklistEntry
from blocklists.types import ListType
from tests.blocklists.factories import make_entry
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as

LIST = "/dashboard/protection/blocklists"
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The last second that there is; east of UTC there is no date for it."""


def list_invalid(page: str) -> set[str]:
    """Return the names of the fields that the page says are wrong."""
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    wrong = [field for field in fields if 'aria-invalid="true"' in field]
    return {name for field in wrong for name in re.findall(r' name="([^"]+)"', field)}


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


@pytest.fixture
def endless() -> tuple[Client, BlocklistEntry]:
    """An entry with the last second as its end, as once could be stored, and its administrator's browser in Tokyo."""
    admin = make_member(organization=make_organization(timezone="Asia/Tokyo"))
    entry = make_entry(
        organization=admin.organization, list_type=ListType.CUSTOMER_ID, value="c-1", expires_at=LAST, reason="Mula"
    )
    return sign_in_as(admin), entry
