"""`/api/v1/submerchants`, with a partner's key and with an admin's session."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, Submerchant
from accounts.types import OrganizationType, Role
from core.environments import Environment
from events.models import Event, EventPersonalData
from tests.factories.accounts import (
    bearer,
    make_api_key,
    make_member,
    make_organization,
    make_submerchant,
    session_token,
)

pytestmark = pytest.mark.django_db

URL = "/api/v1/submerchants"
SHOP = {"external_id": "tienda-42", "name": "Abarrotes Núñez", "country": "mx", "mcc": "5411"}


@pytest.fixture
def psp() -> Organization:
    return make_organization(organization_type=OrganizationType.PSP.value)


class Partner:
    """Calls with one credential."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def call(self, method: str, path: str = "", body: Any = None) -> Any:
        sent: dict[str, Any] = dict(self._headers)
        if body is not None:
            sent |= {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(path if path.startswith("/") else URL + path, **sent)


@pytest.fixture
def core(psp: Organization) -> Partner:
    return Partner(bearer(make_api_key(organization=psp)[1]))


@pytest.fixture
def admin(psp: Organization) -> Partner:
    return Partner(bearer(session_token(make_member(organization=psp))))


def _error(response: Any) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    return error


def test_a_partner_adds_reads_changes_and_deactivates(core: Partner) -> None:
    added = core.call("post", body=SHOP)
    assert added.status_code == 201
    shop = added.json()
    assert {name: shop[name] for name in ("external_id", "name", "country", "mcc", "environment", "is_active")} == {
        **SHOP,
        "country": "MX",
        "environment": "sandbox",
        "is_active": True,
    }
    assert core.call("get", f"{URL}/{shop['id']}").json() == shop
    changed = core.call("patch", f"{URL}/{shop['id']}", {"name": "Abarrotes Ñ", "mcc": None})
    assert changed.json() == {**shop, "name": "Abarrotes Ñ", "mcc": None}
    for _ in range(2):
        assert core.call("delete", f"{URL}/{shop['id']}").status_code == 204
    assert core.call("get", f"{URL}/{shop['id']}").json()["is_active"] is False
    assert core.call("get").json()["total"] == 1


def test_from_the_first_on_payments_must_name_an_active_one(core: Partner) -> None:
    payment = {"amount": 100, "currency": "MXN"}
    assert core.call("post", "/api/v1/assess", payment).status_code == 200
    shop = core.call("post", body=SHOP).json()
    refused = core.call("post", "/api/v1/assess", payment)
    assert (refused.status_code, list(_error(refused)["details"]["fields"])) == (400, ["submerchant_id"])
    for name in (shop["id"], "tienda-42"):
        answer = core.call("post", "/api/v1/assess", payment | {"submerchant_id": name}).json()
        assert (answer["submerchant_id"], answer["submerchant_name"]) == ("tienda-42", "Abarrotes Núñez")
    assert core.call("post", "/api/v1/assess", payment | {"submerchant_id": shop["id"].upper()}).status_code == 400
    core.call("delete", f"{URL}/{shop['id']}")
    assert core.call("post", "/api/v1/assess", payment).status_code == 200


def test_an_external_id_is_one_submerchant_and_comes_back_when_it_is_added_again(core: Partner) -> None:
    shop = core.call("post", body=SHOP).json()
    twin = core.call("post", body=SHOP | {"name": "Other"})
    assert (twin.status_code, _error(twin)["code"], _error(twin)["details"]) == (409, "DUPLICATE", {"id": shop["id"]})
    core.call("delete", f"{URL}/{shop['id']}")
    again = core.call("post", body={"external_id": " tienda-42 ", "name": "Nueva"})
    assert (again.status_code, again.json()) == (
        201,
        {**shop, "name": "Nueva", "country": None, "mcc": None},
    )
    assert Submerchant.unscoped.count() == 1


def test_what_was_done_is_in_the_audit_trail_and_the_name_apart(psp: Organization, core: Partner) -> None:
    shop = core.call("post", body=SHOP).json()
    core.call("patch", f"{URL}/{shop['id']}", {"name": "Ana Ruiz", "mcc": "5812"})
    core.call("patch", f"{URL}/{shop['id']}", {"name": "Ana Ruiz"})
    core.call("delete", f"{URL}/{shop['id']}")
    events = Event.objects.for_organization(psp.id, Environment.SANDBOX).filter(subject_id=shop["id"]).order_by("id")
    assert [(event.kind, event.payload) for event in events] == [
        (
            "submerchant.added",
            {
                "external_id": {"before": None, "after": "tienda-42"},
                "country": {"before": None, "after": "MX"},
                "mcc": {"before": None, "after": "5411"},
                "is_active": {"before": None, "after": True},
            },
        ),
        ("submerchant.changed", {"mcc": {"before": "5411", "after": "5812"}}),
        ("submerchant.changed", {"is_active": {"before": True, "after": False}}),
    ]
    told = [row.data for row in EventPersonalData.objects.for_organization(psp.id, Environment.SANDBOX)]
    assert {"name": {"before": "Abarrotes Núñez", "after": "Ana Ruiz"}} in told


def test_lists_are_filtered_searched_and_paged(psp: Organization, core: Partner) -> None:
    for number in range(5):
        make_submerchant(organization=psp, external_id=f"t-{number}", name=f"Tienda {number}", is_active=number != 3)
    make_submerchant(organization=psp, environment=Environment.PRODUCTION)
    make_submerchant(organization=make_organization())
    page = core.call("get", "?limit=2&offset=1").json()
    assert ([row["external_id"] for row in page["data"]], page["total"]) == (["t-3", "t-2"], 5)
    assert [row["external_id"] for row in core.call("get", "?is_active=false").json()["data"]] == ["t-3"]
    assert [row["external_id"] for row in core.call("get", "?search=TIENDA%204").json()["data"]] == ["t-4"]
    assert [row["external_id"] for row in core.call("get", "?search=t-0").json()["data"]] == ["t-0"]


def test_an_admin_works_in_the_environment_that_is_chosen(psp: Organization, admin: Partner) -> None:
    live = make_submerchant(organization=psp, environment=Environment.PRODUCTION)
    assert admin.call("get").json()["total"] == 0
    assert [row["id"] for row in admin.call("get", "?environment=production").json()["data"]] == [str(live.id)]
    assert admin.call("post", "?environment=production", SHOP).json()["environment"] == "production"
    assert admin.call("patch", f"{URL}/{live.id}", {"name": "x"}).status_code == 404


def test_a_key_opens_its_own_environment_only(core: Partner) -> None:
    assert core.call("get", "?environment=sandbox").status_code == 200
    refused = core.call("get", "?environment=production")
    assert (refused.status_code, list(_error(refused)["details"]["fields"])) == (400, ["environment"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "external_id"),
        ({"external_id": " ", "name": "x"}, "external_id"),
        ({"external_id": "a\tb", "name": "x"}, "external_id"),
        ({"external_id": "a", "name": ""}, "name"),
        ({"external_id": "a", "name": "x", "country": "ZZ"}, "country"),
        ({"external_id": "a", "name": "x", "mcc": 5411}, "mcc"),
        ({"external_id": "a", "name": "x", "mcc": "54"}, "mcc"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(core: Partner, body: dict[str, Any], field: str) -> None:
    refused = core.call("post", body=body)
    assert (refused.status_code, list(_error(refused)["details"]["fields"])) == (400, [field])
    assert Submerchant.unscoped.count() == 0


@pytest.mark.parametrize("body", [{"external_id": "other"}, {"id": "x"}, {"is_active": "no"}, {"name": None}])
def test_what_may_not_be_changed_is_refused(psp: Organization, core: Partner, body: dict[str, Any]) -> None:
    shop = make_submerchant(organization=psp)
    assert core.call("patch", f"{URL}/{shop.id}", body).status_code == 400
    shop.refresh_from_db()
    assert (shop.name, shop.is_active) == ("Abarrotes Núñez", True)


@pytest.mark.parametrize("query", ["is_active=maybe", "search=" + "x" * 201, "search=%00", "limit=0", "offset=-1"])
def test_a_query_that_cannot_stand_is_refused(core: Partner, query: str) -> None:
    assert core.call("get", f"?{query}").status_code == 400


def test_a_key_may_be_given_less_than_all(psp: Organization) -> None:
    reader = Partner(bearer(make_api_key(organization=psp, permissions=["submerchants:read"])[1]))
    assert reader.call("get").status_code == 200
    assert reader.call("post", body=SHOP).status_code == 403
    assert Submerchant.unscoped.count() == 0


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMPLIANCE_OFFICER, Role.VIEWER])
def test_of_people_only_an_admin_has_to_do_with_them(psp: Organization, role: Role) -> None:
    person = Partner(bearer(session_token(make_member(organization=psp, role=role))))
    assert [person.call("get").status_code, person.call("post", body=SHOP).status_code] == [403, 403]
