"""Pages that list rows ask the database equally often for two rows and for twelve: tests/query_counts.json says how often.

The numbers are of the whole request: session, member, page. A change of one is written down on purpose.
"""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization
from accounts.types import OrganizationType, Role
from blocklists.types import ListType
from tests.blocklists.factories import make_batch, make_entry
from tests.factories.accounts import make_api_key, make_invitation, make_member, make_organization, make_submerchant
from tests.factories.backtests import make_backtest
from tests.factories.events import make_event
from tests.factories.pages import sign_in_as
from tests.factories.policies import current_policy, make_draft, make_rule_row, publish_change, publish_rule
from tests.feeds.factories import make_row as make_feed

pytestmark = pytest.mark.django_db
COUNTS = Path(settings.BASE_DIR) / "tests/query_counts.json"


def _make_keys(bank: Organization, who: Membership) -> None:
    make_api_key(organization=bank, created_by=make_member(organization=make_organization()).user)


def _record_events(bank: Organization, who: Membership) -> None:
    make_event(organization=bank)


def _sign_in_elsewhere(bank: Organization, who: Membership) -> None:
    client = sign_in_as(who)
    UserSession.objects.create(
        user=who.user, ip="192.0.2.1", user_agent="Firefox", session_key=client.session.session_key
    )


def _register_submerchant(bank: Organization, who: Membership) -> None:
    make_submerchant(organization=bank)


def _list_value(bank: Organization, who: Membership) -> None:
    make_entry(organization=bank, list_type=ListType.CUSTOMER_ID, value=uuid.uuid4().hex, created_by=who.user)


def _add_member(bank: Organization, who: Membership) -> None:
    make_member(organization=bank)


def _invite(bank: Organization, who: Membership) -> None:
    make_invitation(organization=bank, invited_by=who.user)


def _draft_policy(bank: Organization, who: Membership) -> None:
    publish_change(who, "payout", "bands", review=current_policy(who).payout.bands.review - 1)
    make_draft(make_member(organization=bank))


def _write_rule(bank: Organization, who: Membership) -> None:
    publish_rule(who, make_rule_row(who))


def _try_a_policy(bank: Organization, who: Membership) -> None:
    make_backtest(organization=bank, created_by=who.user)


def _subscribe(bank: Organization, who: Membership) -> None:
    make_feed(bank)


def _import(bank: Organization, who: Membership) -> None:
    make_batch(organization=bank, state="done", created_by=who.user)


ROWS: dict[str, Callable[[Organization, Membership], None]] = {
    "/dashboard/account/sessions": _sign_in_elsewhere,
    "/dashboard/audit": _record_events,
    "/dashboard/connections/keys": _make_keys,
    "/dashboard/connections/submerchants": _register_submerchant,
    "/dashboard/protection/policy": _draft_policy,
    "/dashboard/protection/rules": _write_rule,
    "/dashboard/simulation/backtests": _try_a_policy,
    "/dashboard/protection/threat-lists": _subscribe,
    "/dashboard/protection/blocklists": _list_value,
    "/dashboard/protection/blocklists/imports": _import,
    "/dashboard/team": _add_member,
    "/dashboard/team/invitations": _invite,
}
"""What makes one more row of each page that lists some."""


def _count(path: str, rows: int) -> int:
    bank = make_organization(organization_type=OrganizationType.PSP.value)
    who = make_member(organization=bank, role=Role.ADMIN)
    for _ in range(rows):
        ROWS[path](bank, who)
    client = sign_in_as(who)
    client.get(path)  # what is loaded once a process is not the page's
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200
    assert response.content.count(b"<tr") > rows, "the page shows fewer rows than there are"
    return len(captured)


@pytest.mark.parametrize("path", ROWS)
def test_twelve_rows_take_as_many_queries_as_two(path: str) -> None:
    recorded = json.loads(COUNTS.read_text(encoding="utf-8"))
    assert (_count(path, 2), _count(path, 12)) == (recorded.get(path), recorded.get(path))


def test_every_page_of_rows_is_recorded_and_no_other() -> None:
    assert set(json.loads(COUNTS.read_text(encoding="utf-8"))) == set(ROWS)
