"""`/dashboard/protection/blocklists/new`."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from blocklists.models import BlocklistEntry
from blocklists.types import ListType
from core.clock import read_clock
from events.models import Event
from tests.blocklists.factories import make_entry
from tests.blocklists.web.conftest import LIST, list_invalid
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as
from tests.factories.transactions import make_transaction

pytestmark = pytest.mark.django_db

NEW = f"{LIST}/new"
EFFECT = f"{NEW}/effect"
CLABE = "646180115000009034"
FIELDS = {"type": "clabe", "value": "646 180 11500000903 4", "severity": "block", "reason": "Mula"}


def _stored() -> dict[str, Any]:
    row: dict[str, Any] = BlocklistEntry.unscoped.values().get()  # type: ignore[assignment]
    return row


def test_a_value_goes_on_a_list_in_its_normal_form(browser: Client, admin: Membership) -> None:
    response = browser.post(NEW, FIELDS)
    row = _stored()
    assert (response.status_code, response["Location"]) == (303, f"{LIST}/{row['id']}")
    assert [row[name] for name in ("list_type", "value", "flow_scope", "severity", "reason", "source")] == [
        "clabe",
        CLABE,
        "payout",
        "block",
        "Mula",
        "manual",
    ]
    assert (row["expires_at"], row["created_by_id"], row["environment"]) == (None, admin.user_id, "sandbox")
    assert row["organization_id"] == admin.organization_id
    assert Event.unscoped.get().kind == "blocklist_entry.added"


def test_a_reason_of_several_lines_is_kept_with_one_character_for_each_end_of_line(browser: Client) -> None:
    browser.post(NEW, FIELDS | {"reason": " Mula\r\nde abril "})
    assert _stored()["reason"] == "Mula\nde abril"


def test_ninety_days_are_offered_and_can_be_changed(browser: Client) -> None:
    day = (read_clock() + timedelta(days=90)).astimezone(ZoneInfo("America/Mexico_City")).date()
    assert f'value="{day}"' in browser.get(NEW).content.decode()
    browser.post(NEW, FIELDS | {"expires_date": "2099-01-01", "flow": "both"})
    assert (_stored()["expires_at"].year, _stored()["flow_scope"]) == (2099, "both")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"type", "value", "severity"}),
        (FIELDS | {"value": "123"}, {"value"}),
        (FIELDS | {"value": ""}, {"value"}),
        (FIELDS | {"type": "cuenta"}, {"type"}),
        (FIELDS | {"severity": ""}, {"severity"}),
        (FIELDS | {"flow": "refund"}, {"flow"}),
        (FIELDS | {"expires_date": "2001-01-01"}, {"expires_date"}),
        (FIELDS | {"expires_date": "9999-01-01"}, {"expires_date"}),
        (FIELDS | {"reason": "x" * 2001}, {"reason"}),
        (FIELDS | {"value": "a\x00b"}, {"value"}),
        (FIELDS | {"type": "email_domain", "value": "com.mx"}, {"value"}),
        (FIELDS | {"type": "ip_range", "value": "0.0.0.0/0"}, {"value"}),
        (FIELDS | {"type": "ip_range", "value": "::/0"}, {"value"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(browser: Client, fields: dict[str, str], wrong: set[str]) -> None:
    response = browser.post(NEW, fields)
    assert response.status_code == 422
    assert list_invalid(response.content.decode()) == wrong
    assert BlocklistEntry.unscoped.count() == 0
    assert Event.unscoped.count() == 0


def test_all_addresses_are_refused_with_the_reason(browser: Client) -> None:
    page = browser.post(NEW, FIELDS | {"type": "ip_range", "value": "10.0.0.0/0"}).content.decode()
    assert "coincidiría con todos los pagos" in page


def test_what_is_there_and_in_force_is_refused_with_the_way_to_it(browser: Client, admin: Membership) -> None:
    there = make_entry(organization=admin.organization, list_type=ListType.CLABE, value=CLABE)
    response = browser.post(NEW, FIELDS)
    assert response.status_code == 409
    assert f'href="{LIST}/{there.id}"' in response.content.decode()
    assert Event.unscoped.count() == 0


def test_the_effect_is_shown_and_nothing_is_added(browser: Client, admin: Membership) -> None:
    make_transaction(organization=admin.organization, occurred_at=read_clock() - timedelta(days=2))
    sent = FIELDS | {"type": "email", "value": "ANA@example.com"}
    for page in (browser.post(NEW, sent | {"effect": "1"}), browser.post(EFFECT, sent)):
        assert page.status_code == 200
        text = page.content.decode()
        assert "1 pago</strong>" in text
        assert "$150.00" in text
    assert BlocklistEntry.unscoped.count() == 0
    assert "Ningún pago de los últimos 30 días habría coincidido." in browser.post(EFFECT, FIELDS).content.decode()
    assert "Escriba un valor" in browser.post(EFFECT, {}).content.decode()


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({}, "Es de su propia organización"),
        ({"type": "email_domain", "value": "BANCO.mx"}, "Es de su propia organización"),
        ({"type": "ip_range", "value": "10.0.0.0/7"}, "Es una red muy amplia"),
    ],
)
def test_what_is_warned_of_has_to_be_confirmed(
    browser: Client, admin: Membership, fields: dict[str, str], warning: str
) -> None:
    Organization.objects.filter(pk=admin.organization_id).update(own_identifiers=[CLABE, "banco.mx"])
    response = browser.post(NEW, FIELDS | fields)
    assert response.status_code == 422
    assert warning in response.content.decode()
    assert 'name="is_confirmed"' in response.content.decode()
    assert BlocklistEntry.unscoped.count() == 0
    assert warning in browser.post(EFFECT, FIELDS | fields).content.decode()
    assert browser.post(NEW, FIELDS | fields | {"is_confirmed": "on"}).status_code == 303
    assert BlocklistEntry.unscoped.count() == 1


def test_a_strangers_own_and_a_strangers_payments_do_not_count(
    browser: Client, stranger: Client, admin: Membership
) -> None:
    Organization.objects.filter(pk=admin.organization_id).update(own_identifiers=[CLABE])
    make_transaction(organization=admin.organization, occurred_at=read_clock() - timedelta(days=2))
    paid = FIELDS | {"type": "email", "value": "ana@example.com"}
    seen = [each.post(EFFECT, sent).content.decode() for each in (browser, stranger) for sent in (FIELDS, paid)]
    assert ["propia organización" in page for page in seen] == [True, False, False, False]
    assert ["1 pago</strong>" in page for page in seen] == [False, True, False, False]


def test_an_analyst_adds_and_a_viewer_does_not(admin: Membership) -> None:
    viewer = sign_in_as(make_member(organization=admin.organization, role=Role.VIEWER))
    assert viewer.post(NEW, FIELDS).status_code == 403
    assert viewer.post(EFFECT, FIELDS).status_code == 403
    assert BlocklistEntry.unscoped.count() == 0
    analyst = sign_in_as(make_member(organization=admin.organization, role=Role.ANALYST))
    assert analyst.post(NEW, FIELDS).status_code == 303
    assert BlocklistEntry.unscoped.count() == 1
