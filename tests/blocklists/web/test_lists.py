"""`/dashboard/protection/blocklists`."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import Membership
from accounts.types import Role
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.types import ListType
from core.clock import read_clock
from core.environments import Environment
from core.web import paging
from tests.blocklists.factories import make_entry, make_transaction
from tests.blocklists.web.conftest import LIST, list_invalid
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

CLABE = "646180115000009034"
PHONE = "+525512345678"
EMAIL = "ana@example.com"
IBAN = "GB82WEST12345698765432"


def _read(browser: Client, **query: str) -> str:
    response = browser.get(LIST, query_params=query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def entries(admin: Membership) -> dict[str, BlocklistEntry]:
    """One of each of four types, every one in a state of its own."""
    now = read_clock()
    given: list[tuple[ListType, str, dict[str, Any]]] = [
        (ListType.CLABE, CLABE, {"reason": "Mula confirmada", "created_by": admin.user, "expires_at": None}),
        (ListType.PHONE, PHONE, {"severity": "review", "is_active": False, "source": "import"}),
        (ListType.EMAIL, EMAIL, {"severity": "flag", "expires_at": now + timedelta(days=3)}),
        (ListType.IBAN, IBAN, {"flow_scope": "both", "expires_at": now - timedelta(days=3)}),
    ]
    organization = admin.organization
    return {
        value: make_entry(organization=organization, list_type=kind, value=value, **{"created_at": now} | fields)
        for kind, value, fields in given
    }


SHOWN = {CLABE: "646 180 11500000903 4", PHONE: PHONE, EMAIL: EMAIL, IBAN: "GB82 WEST 1234 5698 7654 32"}


def _shown(page: str) -> set[str]:
    """Return the values that are in the table."""
    table = page.partition("<tbody>")[2]
    return {value for value, text in SHOWN.items() if escape(text) in table}


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {CLABE, PHONE, EMAIL, IBAN}),
        ({"type": "clabe"}, {CLABE}),
        ({"severity": "review"}, {PHONE}),
        ({"flow": "both"}, {IBAN}),
        ({"source": "import"}, {PHONE}),
        ({"state": "in_force"}, {CLABE, EMAIL}),
        ({"state": "off"}, {PHONE}),
        ({"state": "expired"}, {IBAN}),
        ({"state": "expiring"}, {EMAIL}),
        ({"state": "review"}, {EMAIL, IBAN}),
        ({"state": "review", "type": "iban"}, {IBAN}),
        ({"search": "646 180 11500000903 4"}, {CLABE}),
        ({"search": "**** 9034"}, {CLABE}),
        ({"search": "646180•••9034"}, {CLABE}),
        ({"search": "55 1234 5678"}, {PHONE}),
        ({"search": "ANA@EXAMPLE.COM"}, {EMAIL}),
        ({"search": "gb82-west"}, {IBAN}),
        ({"search": "gb82 west"}, {IBAN}),
        ({"search": "mula"}, {CLABE}),
        ({"search": "mula", "type": "iban"}, set()),
    ],
)
def test_filters_and_searches_narrow_the_list(browser: Client, query: dict[str, str], expected: set[str]) -> None:
    assert _shown(_read(browser, **query)) == expected


@pytest.mark.usefixtures("entries")
def test_a_row_says_what_the_entry_does_until_when_who_added_it_and_why(browser: Client, admin: Membership) -> None:
    page = _read(browser, type="clabe")
    for said in ("646 180 11500000903 4", "STP", "Bloqueo", "Rechaza el pago.", "Pagos", "Vigente", "Sin vencimiento"):
        assert said in page
    assert "Mula confirmada" in page
    assert admin.user.email in page


def test_hits_and_the_last_one_are_shown(
    browser: Client, admin: Membership, entries: dict[str, BlocklistEntry]
) -> None:
    for number in range(3):
        payment = make_transaction(organization=admin.organization)
        BlocklistHit.objects.create(
            organization_id=admin.organization_id,
            environment=Environment.SANDBOX,
            entry_id=entries[CLABE].id,
            transaction_id=payment.id,
            hit_at=read_clock() - timedelta(hours=number + 2),
        )
    page = _read(browser, type="clabe")
    assert "<span>3</span>" in page
    assert "hace 2 h" in page


@pytest.mark.usefixtures("entries")
def test_a_chip_takes_its_filter_away_and_keeps_the_rest(browser: Client) -> None:
    page = _read(browser, type="clabe", search="9034")
    assert 'href="?search=9034"' in page
    assert 'href="?type=clabe"' in page


@pytest.mark.usefixtures("entries")
def test_the_tab_counts_what_waits_for_a_review(browser: Client) -> None:
    page = _read(browser)
    assert 'Por revisar<span class="badge">2</span>' in page


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"type": "cuenta"}, {"type"}),
        ({"state": "gone"}, {"state"}),
        ({"search": "x" * 321}, {"search"}),
        ({"search": "a\x00b", "flow": "refund"}, {"search", "flow"}),
    ],
)
def test_a_filter_that_cannot_be_is_told_beside_its_field(
    browser: Client, query: dict[str, str], wrong: set[str]
) -> None:
    response = browser.get(LIST, query_params=query)
    page = response.content.decode()
    assert response.status_code == 422
    assert list_invalid(page) == wrong
    assert _shown(page) == set()


def test_a_list_without_entries_says_what_it_is_for_and_who_may_add(browser: Client, admin: Membership) -> None:
    viewer = sign_in_as(make_member(organization=admin.organization, role=Role.VIEWER))
    assert "Agregue aquí las cuentas" in _read(browser)
    assert "pídalo a quien administra" in _read(viewer)


@pytest.mark.usefixtures("entries")
def test_what_nothing_matches_says_so_with_the_filters_to_take_away(browser: Client) -> None:
    page = _read(browser, search="nosuch")
    assert "Nada coincide" in page
    assert 'href="?"' in page


@pytest.mark.usefixtures("entries")
def test_a_stranger_and_the_other_environment_see_nothing(stranger: Client, admin: Membership) -> None:
    live = sign_in_as(admin, environment=Environment.PRODUCTION)
    for browser in (stranger, live):
        assert _shown(_read(browser)) == set()
        assert _shown(_read(browser, search=CLABE)) == set()


@pytest.mark.usefixtures("entries")
def test_pages_lead_to_one_another_with_the_filter(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 1)
    page = _read(browser, state="review")
    assert len(_shown(page)) == 1
    assert 'href="?state=review&amp;page=2"' in page


@pytest.mark.usefixtures("entries")
def test_more_than_can_be_counted_is_told_as_more(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 1)
    monkeypatch.setattr("blocklists.web.lists.MOST_FOUND", 2)
    cut = "La búsqueda encuentra más de 2: puede haber entradas que no están aquí. Use además un filtro."
    page = _read(browser)
    assert "1 a 1 de más de 2" in page
    assert cut not in page
    page = _read(browser, search="5")
    assert "1 a 1 de más de 2" in page
    assert cut in page
    assert cut not in _read(browser, search="mula")


def test_an_end_that_the_zone_has_no_date_for_is_told_in_utc(endless: tuple[Client, BlocklistEntry]) -> None:
    assert "31/12/9999 23:59:59 UTC (UTC)" in _read(endless[0])
