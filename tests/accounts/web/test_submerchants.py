"""`/dashboard/connections/submerchants`."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Submerchant
from accounts.types import OrganizationType
from core.environments import Environment
from core.web import paging
from events.models import Event
from tests.factories.accounts import make_member, make_organization, make_submerchant
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

LIST = "/dashboard/connections/submerchants"
NEW = {"external_id": "shop-1", "name": "Abarrotes Núñez", "country": "mx", "mcc": "5411"}


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization(organization_type=OrganizationType.PSP.value))


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def _read(browser: Client, query: str = "", *, status: int = 200) -> str:
    response = browser.get(f"{LIST}{query}")
    assert response.status_code == status
    return response.content.decode()


def _stored() -> dict[str, Any]:
    row: dict[str, Any] = Submerchant.unscoped.values().get()  # type: ignore[assignment]
    return row


def test_the_first_is_registered_from_an_empty_list(browser: Client, admin: Membership) -> None:
    assert "Aún no hay subcomercios" in _read(browser)
    response = browser.post(f"{LIST}/new", NEW)
    assert (response.status_code, response["Location"]) == (303, LIST)
    row = _stored()
    assert {name: row[name] for name in NEW} == NEW | {"country": "MX"}
    assert (row["organization_id"], row["environment"], row["is_active"]) == (admin.organization_id, "sandbox", True)
    page = _read(browser)
    assert "El subcomercio quedó registrado." in page
    assert "Abarrotes Núñez" in page


def test_the_same_form_sent_twice_registers_one(browser: Client) -> None:
    browser.post(f"{LIST}/new", NEW)
    response = browser.post(f"{LIST}/new", NEW)
    assert response.status_code == 422
    assert "Un subcomercio activo ya tiene este identificador." in response.content.decode()
    assert Submerchant.unscoped.count() == 1
    assert Event.unscoped.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        NEW | {"external_id": " "},
        NEW | {"external_id": "x" * 129},
        NEW | {"external_id": "a\x00b"},
        NEW | {"external_id": "a\u200bb"},
        NEW | {"name": ""},
        NEW | {"name": "x" * 201},
        NEW | {"country": "XX"},
        NEW | {"country": "México"},
        NEW | {"mcc": "541"},
        NEW | {"mcc": "54a1"},
        NEW | {"mcc": "٥٤١١"},
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(browser: Client, fields: dict[str, str]) -> None:
    response = browser.post(f"{LIST}/new", fields)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert Submerchant.unscoped.count() == 0
    assert Event.unscoped.count() == 0


def test_what_is_known_is_changed(browser: Client, admin: Membership) -> None:
    row = make_submerchant(organization=admin.organization, country="MX")
    page = browser.get(f"{LIST}/{row.id}").content.decode()
    assert 'value="Abarrotes Núñez"' in page
    assert row.external_id in page
    response = browser.post(f"{LIST}/{row.id}", {"revision": 0, "name": "Otro", "country": "", "mcc": "5411"})
    assert (response.status_code, response["Location"]) == (303, LIST)
    stored = _stored()
    assert [stored[name] for name in ("name", "country", "mcc", "revision")] == ["Otro", "", "5411", 1]
    assert Event.unscoped.get().kind == "submerchant.changed"


def test_two_at_once_the_second_sees_both_versions(browser: Client, admin: Membership) -> None:
    row = make_submerchant(organization=admin.organization, country="MX")
    other = sign_in_as(make_member(organization=admin.organization))
    other.post(f"{LIST}/{row.id}", {"revision": 0, "name": "De ella", "country": "MX", "mcc": ""})
    before = _stored()
    response = browser.post(f"{LIST}/{row.id}", {"revision": 0, "name": "De él", "country": "MX", "mcc": ""})
    page = response.content.decode()
    assert response.status_code == 409
    assert "De ella" in page
    assert "De él" in page
    assert f'href="{LIST}/{row.id}"' in page
    assert _stored() == before


def test_a_change_that_cannot_be_is_refused_and_nothing_changes(browser: Client, admin: Membership) -> None:
    row = make_submerchant(organization=admin.organization)
    before = _stored()
    for fields in ({"name": ""}, {"name": "x", "country": "XX"}, {"name": "x", "revision": "y"}):
        assert browser.post(f"{LIST}/{row.id}", fields).status_code == 422
    assert _stored() == before


def test_one_is_deactivated_and_activated_again_however_often_it_is_asked(browser: Client, admin: Membership) -> None:
    row = make_submerchant(organization=admin.organization)
    for state, is_active in (("inactive", False), ("inactive", False), ("active", True)):
        assert browser.post(f"{LIST}/{row.id}/state", {"state": state}).status_code == 303
        assert _stored()["is_active"] is is_active
    assert Event.unscoped.count() == 2
    assert browser.post(f"{LIST}/{row.id}/state", {"state": "gone"}).status_code == 400
    assert _stored()["is_active"] is True


def test_the_list_is_searched_and_filtered(browser: Client, admin: Membership) -> None:
    make_submerchant(organization=admin.organization, name="Panadería Sol", external_id="pan-1")
    make_submerchant(organization=admin.organization, name="Ferretería Luna", external_id="fer-1", is_active=False)
    found = {query: [name for name in ("Sol", "Luna") if name in _read(browser, query)] for query in (
        "", "?search=PAN", "?search=fer-", "?state=active", "?state=inactive", "?search=pan&state=inactive",
    )}  # fmt: skip
    assert list(found.values()) == [["Sol", "Luna"], ["Sol"], ["Luna"], ["Sol"], ["Luna"], []]
    assert "Nada coincide" in _read(browser, "?search=zzz")


@pytest.mark.parametrize("query", ["?page=abc", "?page=0", "?page=-1", "?page=9999999", "?page=99999999999", "?page="])
def test_a_page_that_is_not_there_is_the_first(browser: Client, admin: Membership, query: str) -> None:
    make_submerchant(organization=admin.organization)
    assert "Abarrotes Núñez" in _read(browser, query)


@pytest.mark.parametrize("query", ["?state=gone", "?search=a%00b", f"?search={'x' * 201}"])
def test_a_filter_that_cannot_be_is_told(browser: Client, admin: Membership, query: str) -> None:
    row = make_submerchant(organization=admin.organization)
    page = _read(browser, query, status=422)
    assert 'aria-invalid="true"' in page
    assert row.name not in page


def test_pages_follow_each_other(browser: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    for number in range(5):
        make_submerchant(organization=admin.organization, name=f"Tienda {number}")
    assert "1 a 2 de 5" in _read(browser, "?state=active")
    page = _read(browser, "?state=active&page=2")
    assert "3 a 4 de 5" in page
    assert "?state=active&amp;page=1" in page
    assert "?state=active&amp;page=3" in page
    assert "5 a 5 de 5" in _read(browser, "?state=active&page=3")


def test_twelve_rows_cost_as_many_queries_as_two(browser: Client, admin: Membership) -> None:
    counts = []
    for added in (2, 10):
        for _ in range(added):
            make_submerchant(organization=admin.organization)
        with CaptureQueriesContext(connection) as captured:
            _read(browser)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_strangers_and_the_other_environment_see_none(browser: Client, admin: Membership) -> None:
    stranger = make_organization(organization_type=OrganizationType.PSP.value)
    for owner, world in ((stranger, Environment.SANDBOX), (admin.organization, Environment.PRODUCTION)):
        row = make_submerchant(organization=owner, environment=world, name="Ajena")
        assert browser.get(f"{LIST}/{row.id}").status_code == 404
        assert browser.post(f"{LIST}/{row.id}", {"name": "x"}).status_code == 404
        assert browser.post(f"{LIST}/{row.id}/state", {"state": "inactive"}).status_code == 404
    assert browser.get(f"{LIST}/{uuid.uuid4()}").status_code == 404
    assert "Ajena" not in _read(browser)
    assert set(Submerchant.unscoped.values_list("name", "is_active")) == {("Ajena", True)}


def test_other_than_a_psp_is_told_that_it_does_not_apply() -> None:
    bank = make_organization()
    row = make_submerchant(organization=bank)
    browser = sign_in_as(make_member(organization=bank))
    page = _read(browser)
    assert "No aplica a su organización" in page
    assert f"{LIST}/new" not in page
    for path in (f"{LIST}/new", f"{LIST}/{row.id}"):
        assert browser.get(path)["Location"] == LIST
        assert browser.post(path, NEW)["Location"] == LIST
    assert Submerchant.unscoped.count() == 1
