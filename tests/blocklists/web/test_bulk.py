"""`/dashboard/protection/blocklists/bulk`."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.types import Role
from blocklists.models import BlocklistBulkAct, BlocklistEntry
from blocklists.types import ListType
from events.models import Event
from tests.blocklists.factories import make_entry
from tests.blocklists.web.conftest import LAST, LIST
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db
BULK = f"{LIST}/bulk"
FIELDS: list[dict[str, Any]] = [{}, {"is_active": False}, {"source": "import"}]


@pytest.fixture
def entries(admin: Membership) -> list[BlocklistEntry]:
    return [
        make_entry(organization=admin.organization, list_type=ListType.CUSTOMER_ID, value=f"c-{number}", **fields)
        for number, fields in enumerate(FIELDS)
    ]


def _active() -> dict[str, bool]:
    return dict(BlocklistEntry.unscoped.values_list("value", "is_active"))


def _ask(browser: Client, **sent: Any) -> tuple[str, dict[str, str]]:
    """Return the question, and what its form would send."""
    response = browser.post(BULK, sent)
    assert response.status_code == 200
    page = response.content.decode()
    found = re.findall(r'<input type="hidden" name="(act|expires_date|entries)" value="([^"]*)"', page)
    return page, dict(found)


def test_ticked_entries_change_after_the_effect_was_shown_and_come_back(
    browser: Client, entries: list[BlocklistEntry]
) -> None:
    page, form = _ask(browser, act="off", entry=[str(entries[0].id), str(entries[1].id)])
    assert "<dt>Elegidas</dt><dd>2</dd>" in page
    assert "<dd><strong>1</strong></dd>" in page
    assert _active() == {"c-0": True, "c-1": False, "c-2": True}
    response = browser.post(f"{BULK}/apply", form)
    act = BlocklistBulkAct.unscoped.get()
    assert (response.status_code, response["Location"]) == (303, f"{BULK}/{act.id}")
    assert _active() == {"c-0": False, "c-1": False, "c-2": True}
    assert "Deshacer" in browser.get(f"{BULK}/{act.id}").content.decode()
    browser.post(f"{BULK}/{act.id}")
    assert _active() == {"c-0": True, "c-1": False, "c-2": True}
    page = browser.get(f"{BULK}/{act.id}").content.decode()
    assert "1 entrada volvió a como estaba." in page
    assert "Deshacer" not in page


@pytest.mark.usefixtures("entries")
def test_all_that_the_filter_lets_through_are_meant(browser: Client) -> None:
    page, form = _ask(browser, act="review", all="1", source="import")
    assert "<dt>Elegidas</dt><dd>1</dd>" in page
    assert "<dt>Harán menos que ahora</dt><dd>1</dd>" in page
    browser.post(f"{BULK}/apply", form)
    severities = dict(BlocklistEntry.unscoped.values_list("value", "severity"))
    assert severities == {"c-0": "block", "c-1": "block", "c-2": "review"}


@pytest.mark.usefixtures("entries")
def test_an_end_is_the_end_of_its_day_where_the_organization_is(browser: Client) -> None:
    page, form = _ask(browser, act="expiry", all="1", expires_date="2099-12-31")
    assert "31/12/2099 23:59:59 CDMX" in page.partition("<dt>Nuevo vencimiento</dt>")[2]
    browser.post(f"{BULK}/apply", form)
    ends = {row.expires_at.isoformat() for row in BlocklistEntry.unscoped.all() if row.expires_at}
    assert ends == {"2100-01-01T05:59:59+00:00"}
    page, form = _ask(browser, act="expiry", all="1")
    assert "<dt>Nuevo vencimiento</dt><dd>Sin vencimiento</dd>" in page
    browser.post(f"{BULK}/apply", form)
    assert {row.expires_at for row in BlocklistEntry.unscoped.all()} == {None}


@pytest.mark.usefixtures("entries")
def test_an_act_that_sets_no_end_asks_about_none(browser: Client) -> None:
    page, _form = _ask(browser, act="off", all="1", expires_date="2099-12-31")
    assert "<dt>Nuevo vencimiento</dt>" not in page


UNCLEAR = "Elija qué hacer y, para un vencimiento, un día que no haya pasado."


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, UNCLEAR),
        ({"act": "delete", "all": "1"}, UNCLEAR),
        ({"act": "expiry", "all": "1", "expires_date": "2001-01-01"}, UNCLEAR),
        ({"act": "off"}, "Elija al menos una entrada."),
        ({"act": "off", "entry": "x"}, "Vuelva a elegir las entradas."),
        ({"act": "off", "all": "1", "type": "cuenta"}, "Los filtros no son válidos."),
        ({"act": "off", "all": "1", "search": "nosuch"}, "Ninguna entrada cumple con esos filtros."),
    ],
)
def test_what_cannot_be_leads_back_with_the_reason_and_changes_nothing(
    browser: Client, sent: dict[str, str], said: str
) -> None:
    before = _active()
    response = browser.post(BULK, sent | {"next": f"{LIST}?source=import"})
    assert (response.status_code, response["Location"]) == (303, f"{LIST}?source=import")
    assert said in browser.get(LIST).content.decode()
    assert (_active(), BlocklistBulkAct.unscoped.count()) == (before, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": ""},
        {"act": "delete"},
        {"entries": ""},
        {"entries": "x"},
        {"act": "expiry", "expires_date": "2001-01-01"},
        {"act": "expiry", "expires_date": "9999-01-01"},
    ],
)
def test_what_cannot_be_is_not_done_either(
    browser: Client, entries: list[BlocklistEntry], wrong: dict[str, str]
) -> None:
    before = list(BlocklistEntry.unscoped.order_by("id").values())
    sent = {"act": "off", "entries": str(entries[0].id)}
    assert browser.post(f"{BULK}/apply", sent | wrong).status_code == 303
    assert "No se cambió nada: vuelva a elegir las entradas." in browser.get(LIST).content.decode()
    assert list(BlocklistEntry.unscoped.order_by("id").values()) == before
    assert (BlocklistBulkAct.unscoped.count(), Event.unscoped.count()) == (0, 0)
    browser.post(f"{BULK}/apply", sent)
    assert _active()["c-0"] is False


@pytest.mark.usefixtures("entries")
def test_more_than_may_be_changed_at_once_are_refused(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blocklists.web.bulk.MOST_AT_ONCE", 2)
    with monkeypatch.context() as uncounted:
        uncounted.setattr("blocklists.finding._count", None)  # nobody asks how many more there are
        assert browser.post(BULK, {"act": "off", "all": "1"}).status_code == 303
    assert "Son más de 2" in browser.get(LIST).content.decode()


def test_an_analyst_is_told_before_and_refused_after(admin: Membership, entries: list[BlocklistEntry]) -> None:
    analyst = sign_in_as(make_member(organization=admin.organization, role=Role.ANALYST))
    page, form = _ask(analyst, act="off", entry=[str(entry.id) for entry in entries])
    assert "Administración o Cumplimiento" in page
    assert "Cambiar 2 entradas" not in page
    before = _active()
    assert analyst.post(f"{BULK}/apply", form).status_code == 303
    assert (_active(), BlocklistBulkAct.unscoped.count()) == (before, 0)


def test_after_ten_minutes_there_is_nothing_to_undo(browser: Client, entries: list[BlocklistEntry]) -> None:
    _page, form = _ask(browser, act="off", entry=[str(entries[0].id)])
    browser.post(f"{BULK}/apply", form)
    act = BlocklistBulkAct.unscoped.get()
    BlocklistBulkAct.unscoped.update(created_at=act.created_at - timedelta(minutes=11))
    assert "Deshacer" not in browser.get(f"{BULK}/{act.id}").content.decode()
    browser.post(f"{BULK}/{act.id}")
    assert "Ya no se puede deshacer" in browser.get(LIST).content.decode()
    assert _active()["c-0"] is False


def test_a_strangers_entries_are_not_chosen_and_an_act_is_its_doers_alone(
    browser: Client, stranger: Client, admin: Membership, entries: list[BlocklistEntry]
) -> None:
    page, form = _ask(stranger, act="off", entry=[str(entries[0].id)])
    assert "<dt>Elegidas</dt><dd>0</dd>" in page
    stranger.post(f"{BULK}/apply", form)
    assert _active()["c-0"] is True
    _page, form = _ask(browser, act="off", entry=[str(entries[0].id)])
    browser.post(f"{BULK}/apply", form)
    act = BlocklistBulkAct.unscoped.get(organization_id=admin.organization_id)
    colleague = sign_in_as(make_member(organization=admin.organization))
    for other in (stranger, colleague):
        assert other.get(f"{BULK}/{act.id}").status_code == 404
        assert other.post(f"{BULK}/{act.id}").status_code == 404
    assert _active()["c-0"] is False


def test_an_end_of_the_last_second_is_not_prolonged(endless: tuple[Client, BlocklistEntry]) -> None:
    browser, entry = endless
    page, form = _ask(browser, act="prolong", entry=[str(entry.id)])
    assert "<dt>Ya están así</dt><dd>1</dd>" in page
    response = browser.post(f"{BULK}/apply", form)
    assert browser.get(response["Location"]).status_code == 200
    entry.refresh_from_db()
    assert entry.expires_at == LAST
