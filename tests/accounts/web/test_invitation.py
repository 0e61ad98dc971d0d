"""`/invite/<token>`, through browsers of all kinds of people."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from accounts.models import Invitation, Membership, Organization, User
from core.clock import read_clock
from events.models import Event
from tests.factories.accounts import PASSWORD, make_invitation, make_member, make_organization, make_user
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

ADDRESS = "ana@banco.example"
GIVEN = {"name": "Ana Ruiz", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def bank() -> Organization:
    return make_organization(name="Banco Norte")


@pytest.fixture
def invited(bank: Organization) -> tuple[Invitation, str]:
    invitation, token = make_invitation(organization=bank, email=ADDRESS)
    return invitation, f"/invite/{token}"


def _read(response: Any, *, status: int = 200) -> str:
    assert response.status_code == status
    text: str = response.content.decode()
    return text


def _refusals() -> list[dict[str, Any]]:
    events = Event.objects.across_organizations(reason="a test looks").filter(kind="invitation.refused")
    return [event.payload for event in events]


def test_a_new_person_sees_where_to_and_comes_in(bank: Organization, invited: tuple[Invitation, str]) -> None:
    client = Client()
    page = _read(client.get(invited[1]))
    for word in ("Únase a Banco Norte", ADDRESS, "Analista"):
        assert word in page
    response = client.post(invited[1], GIVEN)
    assert (response.status_code, response["Location"]) == (303, "/login")
    assert "Su cuenta en Banco Norte está lista." in _read(client.get("/login"))
    assert client.post("/login", {"login": ADDRESS, "password": PASSWORD}).status_code == 302
    assert "Banco Norte" in _read(client.get("/dashboard/account"))
    assert Membership.objects.for_organization(bank.id).get().role == "analyst"


def test_a_form_that_is_sent_twice_makes_one_person(invited: tuple[Invitation, str]) -> None:
    assert Client().post(invited[1], GIVEN).status_code == 303
    again = _read(Client().post(invited[1], GIVEN | {"name": "Mallory"}), status=410)
    assert "Esta invitación ya se usó" in again
    assert [person.name for person in User.objects.all()] == ["Ana Ruiz"]
    assert _refusals() == [{"reason": "used"}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password1": "corta", "password2": "corta"}, "12"),
        ({"password2": "otra contraseña larga"}, "No es igual a la primera."),
        ({"name": ""}, "Este campo"),
        ({"name": "A\x00"}, ""),
        ({"name": "x" * 151}, "150"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_the_reason(
    invited: tuple[Invitation, str], given: dict[str, str], said: str
) -> None:
    page = _read(Client().post(invited[1], GIVEN | given), status=422)
    assert 'class="form-errors"' in page
    assert said in page
    assert not User.objects.exists()
    invited[0].refresh_from_db()
    assert invited[0].accepted_at is None


def test_a_known_person_signs_in_and_accepts(bank: Organization, invited: tuple[Invitation, str]) -> None:
    person = make_user(email=ADDRESS)
    client = Client()
    page = _read(client.get(invited[1]))
    assert "Usted ya tiene una cuenta con este correo." in page
    assert f"/login?next={invited[1].replace('/', '%2F')}" in page
    assert "password1" not in page
    assert client.post(invited[1], GIVEN).status_code == 403
    assert not Membership.objects.for_organization(bank.id).exists()
    after = client.post("/login", {"login": ADDRESS, "password": PASSWORD, "next": invited[1]})
    assert after["Location"] == invited[1]
    assert "Aceptar la invitación" in _read(client.get(invited[1]))
    assert client.post(invited[1])["Location"] == "/"
    assert Membership.objects.for_organization(bank.id).get().user_id == person.id
    assert "Banco Norte" in _read(client.get("/dashboard/account"))


def test_one_who_works_elsewhere_changes_over_on_accepting(bank: Organization, invited: tuple[Invitation, str]) -> None:
    elsewhere = make_member(organization=make_organization(name="Otro Banco"), user=make_user(email=ADDRESS))
    client = sign_in_as(elsewhere)
    assert client.post(invited[1]).status_code == 303
    assert "Banco Norte" in _read(client.get("/dashboard/account"))


def test_somebody_else_cannot_take_it(bank: Organization, invited: tuple[Invitation, str]) -> None:
    client = sign_in_as(make_member(organization=make_organization()))
    page = _read(client.get(invited[1]))
    assert "La invitación es para otra persona" in page
    assert ADDRESS not in page
    assert client.post(invited[1], GIVEN).status_code == 403
    assert not Membership.objects.for_organization(bank.id).exists()


@pytest.mark.parametrize(
    ("ends", "status", "heading", "reason"),
    [
        ({"expires_at": timedelta(days=-1)}, 410, "La invitación venció", "expired"),
        ({"revoked_at": timedelta()}, 410, "La invitación se retiró", "revoked"),
        ({"accepted_at": timedelta()}, 410, "Esta invitación ya se usó", "used"),
        ({"closed_at": timedelta()}, 410, "Usted ya está en el equipo", "closed"),
    ],
)
def test_a_dead_invitation_says_what_to_do_and_the_organization_hears_of_it(
    bank: Organization,
    invited: tuple[Invitation, str],
    ends: dict[str, timedelta],
    status: int,
    heading: str,
    reason: str,
) -> None:
    Invitation.unscoped.update(**{field: read_clock() + span for field, span in ends.items()})
    assert heading in _read(Client().get(invited[1]), status=status)
    assert heading in _read(Client().post(invited[1], GIVEN), status=status)
    assert _refusals() == [{"reason": reason}] * 2
    assert not User.objects.exists()


def test_a_replaced_link_says_that_there_is_a_newer_one(invited: tuple[Invitation, str]) -> None:
    assert "Hay un enlace más reciente" in _read(Client().get(invited[1][:-1] + "0"), status=410)
    assert _refusals() == [{"reason": "replaced"}]


@pytest.mark.parametrize("token", ["x", "abcdefghijkl-" + "A" * 32, "%00", "ñ", "a" * 3000])
def test_an_unknown_link_is_a_page(token: str) -> None:
    assert "Este enlace no abre ninguna invitación" in _read(Client().get(f"/invite/{token}"), status=404)
    assert _refusals() == []


def test_too_many_dead_links_are_refused_for_a_while(settings: Any, invited: tuple[Invitation, str]) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 2
    for _ in range(2):
        Client().get("/invite/x")
    refused = Client().get(invited[1])
    assert "Demasiados intentos" in _read(refused, status=429)
    assert int(refused["Retry-After"]) > 0


def test_the_link_leaves_in_no_referer_and_no_log(invited: tuple[Invitation, str]) -> None:
    with capture_logs() as lines:
        response = Client().get(invited[1])
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"
    assert [line["route"] for line in lines] == ["invite/<str:token>"]
    assert invited[1].rpartition("/")[2] not in str(lines)
