"""`/dashboard/protection/blocklists/export`."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Membership, User
from accounts.types import Role
from blocklists import queries
from blocklists.models import BlocklistEntry
from blocklists.types import ListType
from core.web.preferences import Preferences
from events.models import Event, EventPersonalData
from tests.blocklists.factories import make_entry
from tests.blocklists.web.conftest import LIST
from tests.factories.accounts import make_member
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db
EXPORT = f"{LIST}/export"
CLABE = "646180115000009034"


@pytest.fixture(autouse=True)
def _entries(admin: Membership) -> None:
    organization = admin.organization
    make_entry(organization=organization, list_type=ListType.CLABE, value=CLABE, reason="=1+1 a", created_by=admin.user)
    make_entry(organization=organization, list_type=ListType.EMAIL, value="ana@example.com", source="import")
    make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")


def _take(browser: Client, **sent: Any) -> list[list[str]]:
    response = browser.post(EXPORT, sent)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def _values(rows: list[list[str]]) -> dict[str, str]:
    return {row[12]: row[1] for row in rows[1:]}


def test_whoever_may_have_personal_data_takes_out_values_whole_and_it_is_recorded(browser: Client) -> None:
    rows = _take(browser, search="e")
    assert rows[0][:4] == ["Tipo", "Valor", "Flujo", "Severidad"]
    assert _values(rows) == {"email": "ana@example.com"}
    rows = _take(browser, type="clabe")
    assert _values(rows) == {"clabe": CLABE}
    assert rows[1][6] == "'=1+1 a"
    first, second = Event.unscoped.filter(kind="blocklist.exported").order_by("id")
    assert first.payload == {"format": "csv", "is_masked": False, "filters": {}}
    assert second.payload["filters"] == {"list_type": "clabe"}
    assert EventPersonalData.unscoped.get(event_id=first.id).data == {"search": "e"}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.VIEWER])
def test_others_take_them_out_masked(admin: Membership, role: Role) -> None:
    person = sign_in_as(make_member(organization=admin.organization, role=role))
    rows = _take(person)
    assert _values(rows) == {"clabe": "••••9034", "email": "••••@example.com", "country": "KP"}
    assert CLABE not in str(rows)
    assert "=1+1" not in str(rows)
    assert Event.unscoped.get(kind="blocklist.exported").payload["is_masked"] is True


def test_however_many_there_are_all_are_sent_once(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "STREAMED_ROWS", 1)
    assert sorted(_values(_take(browser))) == ["clabe", "country", "email"]
    assert len(_take(browser)) == 4
    assert sorted(_values(_take(browser, search="e"))) == ["email"]


def test_a_search_that_finds_more_than_it_looks_for_says_so_in_the_last_line(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("export", "lists"):
        monkeypatch.setattr(f"blocklists.web.{where}.MOST_FOUND", 1)
    rows = _take(browser, search="a")
    assert sorted(_values(rows[:-1])) == ["clabe", "email"]
    assert rows[-1] == ["La búsqueda encuentra más de 1: puede haber entradas que no están aquí. Use además un filtro."]
    assert len(_take(browser)) == 4
    assert len(_take(browser, search="ana")) == 2


def test_the_readers_language_is_set_only_while_words_are_made(browser: Client) -> None:
    language = translation.get_language()
    User.objects.update(preferences=Preferences(theme="light", language="en").to_values())
    lines = iter(browser.post(EXPORT))
    seen = [(next(lines), translation.get_language()) for _ in range(3)]
    assert b'"Type"' in seen[1][0]
    assert [active for _line, active in seen] == [language] * 3


def test_a_filter_that_cannot_be_takes_out_nothing(browser: Client) -> None:
    response = browser.post(EXPORT, {"type": "cuenta"})
    assert (response.status_code, response["Location"]) == (303, LIST)
    assert Event.unscoped.count() == 0


def test_whoever_has_not_proved_who_they_are_is_asked_first(admin: Membership) -> None:
    response = sign_in_as(admin, is_fresh=False).post(EXPORT)
    assert response.status_code == 302
    assert Event.unscoped.count() == 0


def test_a_stranger_takes_out_their_own_and_nothing_else(stranger: Client) -> None:
    assert len(_take(stranger)) == 1


def test_an_end_that_the_zone_has_no_date_for_is_told_in_utc(endless: tuple[Client, BlocklistEntry]) -> None:
    assert _take(endless[0])[1][5] == "9999-12-31T23:59:59+00:00"
