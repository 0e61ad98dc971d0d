"""Signing in with a browser, and out: password, second factor, organization, too many guesses, forgotten passwords."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import Membership, SecurityEntry, User
from accounts.types import Role
from accounts.web.adapters import _make_cipher
from core.clock import read_clock
from events.models import Event
from mail.models import OutgoingMail
from mail.sealing import open_mail
from tests.factories.accounts import PASSWORD, bearer, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/login", {"login": email, "password": password, **extra})


def list_events(member: Membership, kind: str) -> list[dict[str, Any]]:
    events = Event.objects.across_organizations(reason="a test looks").filter(kind=kind)
    return [event.payload for event in events.filter(organization_id=member.organization_id).order_by("id")]


def add_totp(user: User) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def make_code(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(read_clock().timestamp()) // 30))
    return code


def test_a_member_signs_in_and_sees_their_account(client: Client) -> None:
    member = make_member(organization=make_organization(), role=Role.ADMIN)
    response = sign_in(client, member.user.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    page = client.get("/dashboard/account")
    assert page.status_code == 200
    assert member.user.email in page.content.decode()
    assert list_events(member, "session.started") == [{"methods": ["password"]}]


def test_a_wrong_password_says_so_and_changes_nothing(client: Client) -> None:
    member = make_member(organization=make_organization())
    response = sign_in(client, member.user.email, "wrong horse battery staple")
    assert response.status_code == 422
    assert "no son correctos" in response.content.decode()
    assert client.get("/dashboard/account").status_code == 302
    assert SecurityEntry.objects.count() == 1


def test_a_stranger_gets_the_same_words_as_a_wrong_password(client: Client) -> None:
    assert "no son correctos" in sign_in(client, "nobody@example.com").content.decode()


def test_too_many_guesses_close_the_account_for_a_while_in_both_doors(client: Client, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 3
    member = make_member(organization=make_organization())
    for _ in range(3):
        assert sign_in(client, member.user.email, "wrong").status_code == 422
    closed = sign_in(client, member.user.email)
    assert closed.status_code == 422
    assert "Demasiados intentos" in closed.content.decode()
    body = {"email": member.user.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/token", body, content_type="application/json").status_code == 429
    with time_machine.travel(read_clock() + timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS + 1)):
        assert sign_in(client, member.user.email).status_code == 302


def test_a_second_factor_is_asked_for_after_the_password(client: Client) -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    response = sign_in(client, member.user.email)
    assert response["Location"] == "/login/code"
    assert client.get("/dashboard/account").status_code == 302
    assert client.get("/login/code").status_code == 200
    assert client.post("/login/code", {"code": make_code(secret)}).status_code == 302
    assert client.get("/dashboard/account").status_code == 200
    assert list_events(member, "session.started") == [{"methods": ["mfa", "password"]}]


def test_a_wrong_code_is_counted_told_and_opens_nothing(client: Client) -> None:
    member = make_member(organization=make_organization())
    add_totp(member.user)
    sign_in(client, member.user.email)
    response = client.post("/login/code", {"code": "000000"})
    assert response.status_code == 422
    assert "El código no es correcto o ya se usó." in response.content.decode()
    assert SecurityEntry.objects.count() == 1
    assert list_events(member, "sign_in.refused") == [{"reason": "wrong_code"}]
    assert client.get("/dashboard/account").status_code == 302


def test_a_code_opens_once(client: Client) -> None:
    member = make_member(organization=make_organization())
    code = make_code(add_totp(member.user))
    sign_in(client, member.user.email)
    assert client.post("/login/code", {"code": code}).status_code == 302
    other = Client()
    sign_in(other, member.user.email)
    assert other.post("/login/code", {"code": code}).status_code == 422


def test_wrong_codes_close_the_account_too(client: Client, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 2
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    sign_in(client, member.user.email)
    for _ in range(2):
        client.post("/login/code", {"code": "000000"})
    response = client.post("/login/code", {"code": make_code(secret)})
    assert response.status_code == 422
    assert "Demasiados intentos" in response.content.decode()


def test_a_recovery_code_opens_once(client: Client) -> None:
    member = make_member(organization=make_organization())
    add_totp(member.user)
    code = RecoveryCodes.activate(member.user).get_unused_codes()[0]
    sign_in(client, member.user.email)
    assert client.post("/login/code", {"code": code}).status_code == 302
    other = Client()
    sign_in(other, member.user.email)
    assert other.post("/login/code", {"code": code}).status_code == 422


def test_secrets_of_second_factors_are_encrypted_at_rest() -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    assert secret not in str(Authenticator.objects.get(user=member.user).data)


@pytest.fixture
def _fresh_cipher() -> Iterator[None]:
    """Forget the cipher of another SECRET_KEY, whatever becomes of the test."""
    yield
    _make_cipher.cache_clear()


@pytest.mark.usefixtures("_fresh_cipher")
def test_under_another_secret_key_no_code_fits_and_nothing_fails(client: Client, settings: Any) -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    recovery = RecoveryCodes.activate(member.user).get_unused_codes()[0]
    _make_cipher.cache_clear()
    settings.SECRET_KEY = "another " * 8
    sign_in(client, member.user.email)
    for code in (make_code(secret), recovery):
        assert client.post("/login/code", {"code": code}).status_code == 422


def test_a_person_of_two_organizations_chooses_one(client: Client) -> None:
    person = make_user()
    first = make_member(organization=make_organization(name="Banco Uno"), user=person)
    second = make_member(organization=make_organization(name="Banco Dos"), user=person, role=Role.VIEWER)
    sign_in(client, person.email)
    assert client.get("/dashboard/account")["Location"] == "/login/organization"
    choice = client.get("/login/organization").content.decode()
    assert "Banco Uno" in choice
    assert "Banco Dos" in choice
    assert client.post("/login/organization", {"organization": str(second.organization_id)}).status_code == 303
    assert "Banco Dos" in client.get("/dashboard/account").content.decode()
    stranger = make_organization()
    assert client.post("/login/organization", {"organization": str(stranger.id)}).status_code == 404
    assert "Banco Dos" in client.get("/dashboard/account").content.decode()
    assert first.organization_id != second.organization_id


def test_a_suspended_member_is_turned_away_at_once_and_it_is_told(client: Client) -> None:
    member = make_member(organization=make_organization())
    sign_in(client, member.user.email)
    assert client.get("/dashboard/account").status_code == 200
    member.is_active = False
    member.save(update_fields=["is_active"])
    response = client.get("/dashboard/account")
    assert response.status_code == 403
    assert "Su cuenta no tiene acceso" in response.content.decode()
    assert list_events(member, "sign_in.refused") == [{"reason": "suspended"}]
    assert client.get("/dashboard/account").status_code == 302


def test_an_organization_that_asks_for_a_second_factor_lets_nobody_work_without(client: Client) -> None:
    member = make_member(organization=make_organization(requires_mfa=True))
    sign_in(client, member.user.email)
    assert client.get("/")["Location"] == "/dashboard/account/second-factor"
    page = client.get("/dashboard/account/second-factor")
    assert "Su organización exige un segundo factor" in page.content.decode()
    add_totp(member.user)
    assert client.get("/")["Location"] != "/dashboard/account/second-factor"


def test_a_session_left_alone_ends(client: Client, settings: Any) -> None:
    member = make_member(organization=make_organization())
    sign_in(client, member.user.email)
    with time_machine.travel(read_clock() + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 5)):
        response = client.get("/dashboard/account")
        assert (response.status_code, response["Location"]) == (302, "/login?next=%2Fdashboard%2Faccount")
        assert "Su sesión terminó por inactividad" in client.get(response["Location"]).content.decode()
    assert list_events(member, "session.ended") == [{"reason": "idle"}]


def test_a_session_in_use_goes_on(client: Client, settings: Any) -> None:
    member = make_member(organization=make_organization())
    sign_in(client, member.user.email)
    began = read_clock()
    for minutes in (20, 40, 60):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert client.post("/dashboard/account/keep-alive").status_code == 204


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client) -> None:
    member = make_member(organization=make_organization())
    assert client.get("/dashboard/account/sessions")["Location"] == "/login?next=%2Fdashboard%2Faccount%2Fsessions"
    response = sign_in(client, member.user.email, next="/dashboard/account/sessions")
    assert response["Location"] == "/dashboard/account/sessions"
    client.post("/logout")
    assert sign_in(client, member.user.email, next="https://evil.example/")["Location"] == "/"


def test_signing_out_ends_the_session_and_is_told(client: Client) -> None:
    member = make_member(organization=make_organization())
    sign_in(client, member.user.email)
    assert client.get("/logout").status_code == 200
    assert client.get("/dashboard/account").status_code == 200
    assert client.post("/logout").status_code == 302
    assert client.get("/dashboard/account").status_code == 302
    assert list_events(member, "session.ended") == [{"reason": "signed_out"}]


def _ask_for_link(client: Client, email: str) -> str | None:
    before = set(OutgoingMail.objects.values_list("id", flat=True))
    response = client.post("/password/reset", {"email": email})
    assert (response.status_code, response["Location"]) == (302, "/password/reset/sent")
    new = OutgoingMail.objects.exclude(id__in=before).first()
    if new is None:
        return None
    found = re.search(r"http://\S+?(/password/reset/\S+)", open_mail(bytes(new.contents or b"")).text)
    return found[1] if found else None


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(client: Client) -> None:
    member = make_member(organization=make_organization())
    link = _ask_for_link(client, member.user.email)
    assert link is not None
    form = client.get(link)["Location"]
    assert "set-password" in form
    weak = client.post(form, {"password1": "short", "password2": "short"})
    assert weak.status_code == 422
    new = "a better horse and battery"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), member.user.email).status_code == 422
    assert sign_in(Client(), member.user.email, new).status_code == 302
    replayed = Client().get(link)
    assert replayed.status_code == 410
    assert "El enlace ya no sirve" in replayed.content.decode()
    assert list_events(member, "sign_in.refused") == [{"reason": "spent_link"}]
    assert list_events(member, "account.changed") == [{"change": "password_changed"}]


def test_a_link_is_over_after_an_hour(client: Client) -> None:
    member = make_member(organization=make_organization())
    link = _ask_for_link(client, member.user.email)
    assert link is not None
    with time_machine.travel(read_clock() + timedelta(seconds=3601)):
        assert client.get(link).status_code == 410


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(client: Client) -> None:
    assert _ask_for_link(client, "nobody@example.com") is None


def test_links_are_not_asked_for_by_the_hundred(client: Client) -> None:
    statuses = [client.post("/password/reset", {"email": "ana@example.com"}).status_code for _ in range(7)]
    assert statuses[0] == 302
    assert statuses[-1] == 429
    assert "Demasiados intentos" in client.post("/password/reset", {"email": "ana@example.com"}).content.decode()


def test_an_access_token_needs_the_second_factor_too(client: Client) -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    body = {"email": member.user.email, "password": PASSWORD}

    def ask(**more: str) -> Any:
        return client.post("/api/v1/auth/token", body | more, content_type="application/json")

    assert ask().json()["error"]["details"] == {"reason": "otp_required"}
    assert ask(password="wrong").json()["error"]["details"] == {}
    wrong = ask(otp="000000")
    assert (wrong.status_code, wrong.json()["error"]["details"]) == (401, {"reason": "otp_wrong"})
    assert list_events(member, "sign_in.refused") == [{"reason": "wrong_code"}]
    code = make_code(secret)
    token = ask(otp=code)
    assert token.status_code == 200
    assert client.get("/api/v1/keys", **bearer(token.json()["access_token"])).status_code == 200
    assert ask(otp=code).status_code == 401


def test_an_access_token_is_refused_where_a_second_factor_is_missing(client: Client) -> None:
    member = make_member(organization=make_organization(requires_mfa=True))
    body = {"email": member.user.email, "password": PASSWORD}
    response = client.post("/api/v1/auth/token", body, content_type="application/json")
    assert (response.status_code, response.json()["error"]["details"]) == (401, {"reason": "otp_setup_required"})


NOT_OURS = ["http://[::1", "http://[", "//[", "https://evil.example/", "javascript:alert(1)"]


@pytest.mark.parametrize("back", NOT_OURS)
def test_nobody_is_sent_on_to_an_address_that_is_none_of_ours(client: Client, back: str) -> None:
    member = make_member(organization=make_organization())
    assert sign_in(client, member.user.email, next=back)["Location"] == "/"
    assert client.post("/logout", {"next": back})["Location"] == "/"


@pytest.mark.parametrize(("path", "status"), [("/login", 200), ("/password/reset", 200), ("/logout", 302)])
@pytest.mark.parametrize("back", NOT_OURS)
def test_a_link_with_an_address_that_is_none_of_ours_leads_nowhere_else(
    client: Client, path: str, status: int, back: str
) -> None:
    response = client.get(path, {"next": back})
    assert (response.status_code, response.get("Location")) == (status, "/" if status == 302 else None)


def test_a_code_of_the_step_before_still_opens_once(client: Client) -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    step = read_clock().replace(second=10, microsecond=0)
    with time_machine.travel(step, tick=False):
        code = make_code(secret)
    with time_machine.travel(step + timedelta(seconds=30), tick=False):
        sign_in(client, member.user.email)
        assert client.post("/login/code", {"code": code}).status_code == 302
        other = Client()
        sign_in(other, member.user.email)
        assert other.post("/login/code", {"code": code}).status_code == 422
