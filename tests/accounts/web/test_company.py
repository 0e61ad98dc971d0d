"""`/dashboard/settings/company`."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from events.models import Event
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

COMPANY = "/dashboard/settings/company"
DATA: dict[str, Any] = {
    "name": "Banco Dos",
    "timezone": "America/Tijuana",
    "language": "en",
    "default_environment": "production",
}


@pytest.fixture
def admin() -> Membership:
    return make_member(organization=make_organization(name="Banco Uno"))


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def _stored(admin: Membership) -> dict[str, Any]:
    row: dict[str, Any] = Organization.objects.filter(pk=admin.organization_id).values().get()  # type: ignore[assignment]
    return row


def _send(browser: Client, part: str, *, revision: Any = 0, **fields: Any) -> Any:
    return browser.post(f"{COMPANY}/{part}", {"revision": revision} | fields)


def test_an_administrator_sees_each_part_as_a_form(browser: Client) -> None:
    page = browser.get(COMPANY).content.decode()
    for part in ("data", "access", "retention", "payin", "payout"):
        assert f'action="{COMPANY}/{part}"' in page
    assert 'value="Banco Uno"' in page
    assert "127.0.0.1" in page
    assert "Es la política inicial" in page


def test_whoever_may_only_read_sees_words_and_no_form(admin: Membership) -> None:
    Organization.objects.filter(pk=admin.organization_id).update(allowed_ips=["127.0.0.1", "203.0.113.0/24"])
    officer = make_member(organization=admin.organization, role=Role.COMPLIANCE_OFFICER)
    page = sign_in_as(officer).get(COMPANY).content.decode()
    assert COMPANY + "/" not in page
    assert "127.0.0.1\n203.0.113.0/24" in page
    assert "3653 días" in page
    assert "fail_closed" not in page


def test_what_is_saved_is_told_and_shown(browser: Client, admin: Membership) -> None:
    response = _send(browser, "data", **DATA)
    assert (response.status_code, response["Location"]) == (303, COMPANY)
    assert _stored(admin) | DATA == _stored(admin)
    assert _stored(admin)["revision"] == 1
    page = browser.get(COMPANY).content.decode()
    assert "Los datos de la empresa quedaron guardados." in page
    assert 'value="Banco Dos"' in page
    event = Event.unscoped.get(kind="organization.changed")
    assert (event.actor_id, event.address) == (admin.user_id, "127.0.0.1")
    assert event.request_id == response["X-Request-Id"]


def test_another_zone_than_those_offered_is_offered_when_it_is_set(browser: Client, admin: Membership) -> None:
    Organization.objects.filter(pk=admin.organization_id).update(timezone="Asia/Tokyo")
    assert "Tokyo (UTC+9)" in browser.get(COMPANY).content.decode()
    assert _send(browser, "data", **(DATA | {"timezone": "Asia/Tokyo"})).status_code == 303


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("data", {}),
        ("data", DATA | {"name": " "}),
        ("data", DATA | {"name": "x" * 201}),
        ("data", DATA | {"name": "a\x00b"}),
        ("data", DATA | {"name": "a\u200bb"}),
        ("data", DATA | {"timezone": "Mars/Olympus"}),
        ("data", DATA | {"language": "fr"}),
        ("data", DATA | {"revision": "x"}),
        ("data", DATA | {"revision": 2**63}),
        ("access", {"allowed_ips": "banco.example"}),
        ("access", {"allowed_ips": "203.0.113.0/24"}),
        ("access", {"allowed_ips": "\n".join(f"10.0.{n}.0/24" for n in range(101))}),
        ("access", {"allowed_ips": "1" * 10_001}),
        ("own", {"own_identifiers": "123"}),
        ("own", {"own_identifiers": "\n".join(f"b{n}.mx" for n in range(101))}),
        ("payout", {"fail_policy_payout": "fail_open"}),
        ("payout", {"fail_policy_payout": "fail_open", "fail_policy_payout_reason": " \n "}),
        ("payout", {"fail_policy_payout": "maybe", "fail_policy_payout_reason": "x"}),
        ("retention", {"transaction_retention_days": 3652, "personal_data_retention_days": 3653}),
        ("retention", {"transaction_retention_days": "", "personal_data_retention_days": "9" * 30}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    browser: Client, admin: Membership, part: str, fields: dict[str, Any]
) -> None:
    before = _stored(admin)
    response = browser.post(f"{COMPANY}/{part}", {"revision": 0} | fields)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode() or "revision" in fields
    assert _stored(admin) == before
    assert Event.unscoped.count() == 0


def test_a_list_that_would_lock_out_its_writer_says_what_is_missing(browser: Client, admin: Membership) -> None:
    page = _send(browser, "access", allowed_ips="203.0.113.0/24").content.decode()
    assert "Agregue la dirección desde la que usted trabaja (127.0.0.1)" in page
    assert _send(browser, "access", allowed_ips="203.0.113.0/24\n127.0.0.0/8, ::1").status_code == 303
    assert _stored(admin)["allowed_ips"] == ["203.0.113.0/24", "127.0.0.0/8", "::1"]
    assert sign_in_as(admin).get(COMPANY, REMOTE_ADDR="198.51.100.1").status_code == 403


def test_a_policy_says_who_approved_it(browser: Client, admin: Membership) -> None:
    fields: dict[str, Any] = {"fail_policy_payin": "fail_closed", "fail_policy_payin_reason": "Comité del 20/11"}
    assert _send(browser, "payin", **fields).status_code == 303
    page = browser.get(COMPANY).content.decode()
    assert f"Aprobó {admin.user.email}" in page
    assert "Comité del 20/11" in page


def test_two_administrators_at_once_both_versions_are_shown_and_nothing_is_lost(
    browser: Client, admin: Membership
) -> None:
    other = make_member(organization=admin.organization)
    assert _send(sign_in_as(other), "data", **(DATA | {"name": "Banco Tres"})).status_code == 303
    before = _stored(admin)
    response = _send(browser, "data", **DATA)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Banco Tres" in page
    assert "Banco Dos" in page
    assert "Tijuana" not in page, "that is the same in both"
    assert _stored(admin) == before
    assert Event.unscoped.count() == 1


def test_the_same_form_sent_twice_is_one_change(browser: Client) -> None:
    statuses = [_send(browser, "data", **DATA).status_code for _ in range(2)]
    assert statuses == [303, 303]
    assert Event.unscoped.count() == 1


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("access", {"requires_mfa": "on"}),
        ("payin", {"fail_policy_payin": "fail_open", "fail_policy_payin_reason": "x"}),
        ("payout", {"fail_policy_payout": "fail_open", "fail_policy_payout_reason": "x"}),
        ("retention", {"transaction_retention_days": 4000, "personal_data_retention_days": 4000}),
    ],
)
def test_what_may_weaken_needs_a_fresh_proof(admin: Membership, part: str, fields: dict[str, Any]) -> None:
    before = _stored(admin)
    response = _send(sign_in_as(admin, is_fresh=False), part, **fields)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/login/confirm")
    assert _stored(admin) == before


def test_a_refused_form_that_is_loaded_anew_is_the_page(browser: Client) -> None:
    response = browser.get(f"{COMPANY}/access")
    assert (response.status_code, response["Location"]) == (303, COMPANY)


def test_what_is_the_organizations_own_is_kept_in_its_normal_form(browser: Client, admin: Membership) -> None:
    response = _send(browser, "own", own_identifiers="646 180 11500000903 4\n@Banco.MX\n\n646180115000009034")
    assert (response.status_code, response["Location"]) == (303, COMPANY)
    assert _stored(admin)["own_identifiers"] == ["646180115000009034", "banco.mx"]
    assert "646180115000009034\nbanco.mx</textarea>" in browser.get(COMPANY).content.decode()
    payload = Event.unscoped.get(kind="organization.changed").payload
    assert "own_identifiers" not in payload


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("banco.mx\nxx", "El renglón 2 no es una CLABE, un IBAN ni un dominio de correo."),
        ("banco.mx, pagos.banco.mx\n\n\nxx", "El renglón 4 no es una CLABE, un IBAN ni un dominio de correo."),
        ("xx", ">No es una CLABE, un IBAN ni un dominio de correo."),
        ("\n".join(f"{number}.banco.mx" for number in range(101)), "Escriba cien como máximo."),
    ],
)
def test_what_is_none_of_the_organizations_own_is_said_with_its_line_where_there_are_several(
    browser: Client, admin: Membership, written: str, said: str
) -> None:
    assert said in browser.post(f"{COMPANY}/own", {"revision": 0, "own_identifiers": written}).content.decode()
    assert _stored(admin)["own_identifiers"] == []
