"""The pages of the team, through a signed-in browser."""

import csv
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Invitation, Membership, Organization, User
from accounts.types import Role
from events.models import Event
from tests.accounts.invitations import list_tokens
from tests.factories.accounts import make_api_key, make_invitation, make_member, make_organization, make_user
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

TEAM = "/dashboard/team"


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank, user=make_user(email="admin@banco.example"))


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


@pytest.fixture
def ana(bank: Organization) -> Membership:
    person = User.objects.create_user(email="ana@banco.example", name="Ana Ruiz")
    return make_member(organization=bank, role=Role.ANALYST, user=person)


def _read(response: Any, *, status: int = 200) -> str:
    assert response.status_code == status
    text: str = response.content.decode()
    return text


def _follow(client: Client, path: str, data: dict[str, Any]) -> str:
    response = client.post(path, data, follow=True)
    assert response.redirect_chain
    assert response.redirect_chain[-1][1] == 303
    return _read(response)


def _count(kind: str) -> int:
    return Event.objects.across_organizations(reason="a test looks").filter(kind=kind).count()


# Lists


def test_members_are_shown_in_words(bank: Organization, ana: Membership, browser: Client) -> None:
    Authenticator.objects.create(user=ana.user, type=Authenticator.Type.TOTP, data={})
    suspended = make_member(organization=bank, role=Role.COMPLIANCE_OFFICER)
    Membership.unscoped.filter(pk=suspended.pk).update(is_active=False)
    page = _read(browser.get(TEAM))
    for word in ("Ana Ruiz", "ana@banco.example", "Analista", "Cumplimiento", "Suspendido", "(usted)", "Nunca"):
        assert word in page
    assert "compliance_officer" not in page


def test_a_name_is_text_and_never_markup(bank: Organization, browser: Client) -> None:
    person = User.objects.create_user(email="eve@banco.example", name="<script>alert(1)</script>")
    member = make_member(organization=bank, user=person, role=Role.VIEWER)
    for path in (TEAM, f"{TEAM}/{member.id}", f"{TEAM}/{member.id}/remove"):
        page = _read(browser.get(path))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_another_organizations_people_and_invitations_are_not_shown(browser: Client) -> None:
    stranger = make_organization()
    member = make_member(organization=stranger)
    invitation, _ = make_invitation(organization=stranger)
    assert member.user.email not in _read(browser.get(TEAM))
    assert invitation.email not in _read(browser.get(f"{TEAM}/invitations"))


@pytest.mark.parametrize("page", ["abc", "0", "-1", "99", "9" * 400, "1\x00", "\u0661"])
def test_a_page_that_there_is_not_is_the_first(ana: Membership, browser: Client, page: str) -> None:
    assert "Ana Ruiz" in _read(browser.get(TEAM, {"page": page}))
    _read(browser.get(f"{TEAM}/invitations", {"page": page}))


def test_long_lists_have_pages(bank: Organization, browser: Client) -> None:
    for number in range(51):
        make_member(organization=bank, user=User.objects.create_user(email=f"p{number:02}@banco.example"))
    assert "1 a 50 de 52" in _read(browser.get(TEAM))
    second = _read(browser.get(f"{TEAM}?page=2"))
    assert "51 a 52 de 52" in second
    assert "p50@banco.example" in second


def test_an_analyst_reads_and_is_offered_no_act(bank: Organization, ana: Membership) -> None:
    make_invitation(organization=bank)
    browser = sign_in_as(ana)
    for path in (TEAM, f"{TEAM}/invitations", f"{TEAM}/{ana.id}"):
        page = _read(browser.get(path))
        for act in ("Invitar</a>", "Reenviar<span", "Suspender</a>", "Exportar accesos</button>"):
            assert act not in page


def test_the_roles_say_what_each_may_and_may_not(browser: Client) -> None:
    page = _read(browser.get(f"{TEAM}/roles"))
    row = page.partition("Crear, rotar y eliminar claves API")[2].partition("</tr>")[0]
    assert [row.count("Puede"), row.count("No puede")] == [1, 3]


# Invitations


def test_several_are_invited_at_once_and_the_rest_is_named(
    bank: Organization, ana: Membership, browser: Client
) -> None:
    make_invitation(organization=bank, email="eva@banco.example")
    emails = "Luis@banco.example, eva@banco.example;ana@banco.example\nrosa@banco.example luis@banco.example"
    page = _follow(browser, f"{TEAM}/invite", {"emails": emails, "role": "viewer"})
    assert "Se enviaron 2 invitaciones." in page
    assert "Ya están en el equipo: ana@banco.example." in page
    assert "Ya tienen una invitación; reenvíela si no llegó: eva@banco.example." in page
    invited = Invitation.objects.for_organization(bank.id).order_by("email")
    assert [row.email for row in invited] == ["eva@banco.example", "luis@banco.example", "rosa@banco.example"]


def test_a_form_that_is_sent_twice_invites_once(browser: Client) -> None:
    given = {"emails": "luis@banco.example", "role": "viewer"}
    _follow(browser, f"{TEAM}/invite", given)
    assert "Ya tienen una invitación" in _follow(browser, f"{TEAM}/invite", given)
    assert (Invitation.unscoped.count(), len(list_tokens())) == (1, 1)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"emails": "luis", "role": "viewer"},
        {"emails": "luis\x00@banco.example", "role": "viewer"},
        {"emails": "luis@banco.example", "role": "owner"},
        {"emails": " , ;", "role": "viewer"},
        {"emails": " ".join(f"p{n}@banco.example" for n in range(51)), "role": "viewer"},
        {"emails": "a" * 30_000, "role": "viewer"},
    ],
)
def test_what_cannot_be_invited_comes_back_with_the_reason(browser: Client, given: dict[str, str]) -> None:
    assert 'class="form-errors"' in _read(browser.post(f"{TEAM}/invite", given), status=422)
    assert Invitation.unscoped.count() == 0


def test_an_invitation_is_sent_again_and_revoked(bank: Organization, browser: Client) -> None:
    invitation, _ = make_invitation(organization=bank, email="eva@banco.example")
    Invitation.unscoped.update(sent_at="2026-01-01T00:00:00Z", expires_at="2026-01-08T00:00:00Z")
    assert "Vencida" in _read(browser.get(f"{TEAM}/invitations"))
    path = f"{TEAM}/invitations/{invitation.id}"
    page = _follow(browser, f"{path}/resend", {})
    assert "La invitación salió de nuevo a eva@banco.example." in page
    assert "Pendiente" in page
    for _ in range(2):
        assert "quedó retirada" in _follow(browser, f"{path}/revoke", {})
    assert "no se envió nada" in _follow(browser, f"{path}/resend", {})
    assert len(list_tokens()) == 1


# A member


def test_a_member_has_a_page_with_what_the_role_may(ana: Membership, browser: Client) -> None:
    page = _read(browser.get(f"{TEAM}/{ana.id}"))
    assert "Correr simulaciones" in page.partition("No puede")[0]
    assert "Leer la auditoría" in page.partition("No puede")[2]


def test_a_role_is_changed(ana: Membership, browser: Client) -> None:
    page = _follow(browser, f"{TEAM}/{ana.id}/role", {"role": "viewer", "revision": 0})
    assert "Ana Ruiz tiene ahora el rol Visor." in page
    ana.refresh_from_db()
    assert ana.role == "viewer"


def test_a_form_that_came_too_late_shows_both_versions(ana: Membership, browser: Client) -> None:
    Membership.unscoped.filter(pk=ana.pk).update(role="compliance_officer", revision=1)
    page = _read(browser.post(f"{TEAM}/{ana.id}/role", {"role": "viewer", "revision": 0}), status=409)
    assert "Cumplimiento" in page
    assert "Visor" in page
    for path, given in (("suspend", {}), ("remove", {"email": ana.user.email})):
        assert "No se guardó nada." in _read(
            browser.post(f"{TEAM}/{ana.id}/{path}", {"revision": 0, **given}), status=409
        )
    ana.refresh_from_db()
    assert (ana.role, ana.is_active) == ("compliance_officer", True)


def test_a_member_is_suspended_with_a_note_and_given_back(bank: Organization, ana: Membership, browser: Client) -> None:
    make_api_key(organization=bank, created_by=ana.user)
    theirs = sign_in_as(ana)
    assert theirs.get(TEAM).status_code == 200
    assert "Creó 1 clave API que seguirá valiendo." in _read(browser.get(f"{TEAM}/{ana.id}/suspend"))
    page = _follow(browser, f"{TEAM}/{ana.id}/suspend", {"revision": 0, "note": "Listas: a Eva"})
    assert "Ana Ruiz quedó sin acceso." in page
    assert "Listas: a Eva" in page
    assert theirs.get(TEAM).status_code == 403
    assert theirs.get(TEAM).status_code == 302, "the session is over"
    page = _follow(browser, f"{TEAM}/{ana.id}/reactivate", {})
    assert "tiene acceso otra vez" in page
    assert "Listas: a Eva" not in page


def test_a_member_is_removed_when_their_address_is_typed(ana: Membership, browser: Client) -> None:
    path = f"{TEAM}/{ana.id}/remove"
    wrong = _read(browser.post(path, {"revision": 0, "email": "eva@banco.example"}), status=422)
    assert "No es el correo de esta persona." in wrong
    assert "ya no está en el equipo" in _follow(browser, path, {"revision": 0, "email": " ANA@banco.example "})
    assert browser.post(path, {"revision": 0, "email": "ana@banco.example"}).status_code == 404
    ana.refresh_from_db()
    assert (ana.is_active, ana.removed_at is None) == (False, False)


@pytest.mark.parametrize(
    ("act", "given"),
    [("role", {"role": "viewer"}), ("suspend", {}), ("remove", {"email": "admin@banco.example"})],
)
def test_the_last_admin_stays_and_is_told_why(
    admin: Membership, ana: Membership, browser: Client, act: str, given: dict[str, str]
) -> None:
    page = _read(browser.post(f"{TEAM}/{admin.id}/{act}", {"revision": 0, **given}), status=409)
    assert "Es el último administrador activo" in page
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


@pytest.mark.parametrize("given", [{}, {"revision": "x"}, {"revision": "-1"}, {"revision": "9" * 30}])
def test_a_form_without_its_revision_changes_nothing(ana: Membership, browser: Client, given: dict[str, str]) -> None:
    assert browser.post(f"{TEAM}/{ana.id}/role", {"role": "viewer", **given}).status_code == 422
    ana.refresh_from_db()
    assert ana.role == "analyst"


@pytest.mark.parametrize("identity", ["x", "0", "%00", "00000000-0000-0000-0000-000000000000"])
def test_a_member_that_there_is_not_is_404(browser: Client, identity: str) -> None:
    assert browser.get(f"{TEAM}/{identity}").status_code == 404


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("role", {"role": "viewer", "revision": 0}),
        ("suspend", {"revision": 0}),
        ("remove", {"revision": 0, "email": "ana@banco.example"}),
        ("reactivate", {}),
    ],
)
def test_what_changes_access_asks_for_a_fresh_proof(
    admin: Membership, ana: Membership, act: str, given: dict[str, Any]
) -> None:
    stale = sign_in_as(admin, is_fresh=False)
    response = stale.post(f"{TEAM}/{ana.id}/{act}", given)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/confirm")
    ana.refresh_from_db()
    assert (ana.role, ana.is_active, ana.revision) == ("analyst", True, 0)


# Access review


def test_the_access_review_is_a_table_that_no_spreadsheet_runs(
    bank: Organization, ana: Membership, browser: Client
) -> None:
    User.objects.filter(pk=ana.user_id).update(name='=HYPERLINK("http://x")')
    response = browser.post(f"{TEAM}/review")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="accesos-')
    rows = list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[0][:5] == ["Correo", "Nombre", "Rol", "Estado", "Segundo factor"]
    assert rows[2][:5] == ["ana@banco.example", '\'=HYPERLINK("http://x")', "Analista", "Activo", "No"]
    assert len(rows) == 3
    event = Event.objects.across_organizations(reason="a test looks").get(kind="team.exported")
    assert (event.organization_id, event.payload) == (bank.id, {"people": 2})


def test_the_access_review_asks_for_a_fresh_proof(admin: Membership) -> None:
    assert sign_in_as(admin, is_fresh=False).post(f"{TEAM}/review").status_code == 302
    assert _count("team.exported") == 0


def test_the_last_access_is_noted_once_in_five_minutes(admin: Membership, browser: Client) -> None:
    Membership.unscoped.filter(pk=admin.pk).update(last_access_at=None)
    browser.get(TEAM)
    admin.refresh_from_db()
    noted = admin.last_access_at
    assert noted is not None
    browser.get(TEAM)
    admin.refresh_from_db()
    assert admin.last_access_at == noted
