"""A person's own account: name, preferences, password, second factors, sessions, and the proof they need."""

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.types import Role
from core.clock import read_clock
from core.environments import Environment
from core.web.preferences import COOKIE
from mail.models import OutgoingMail
from tests.accounts.web.test_sign_in import add_totp, list_events, make_code, sign_in
from tests.factories.accounts import PASSWORD, bearer, make_member, make_organization, session_token
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db


def test_a_name_is_kept_and_shown() -> None:
    member = make_member(organization=make_organization(), role=Role.VIEWER)
    browser = sign_in_as(member)
    assert browser.post("/dashboard/account", {"form": "profile", "name": "Ana Ibáñez"}).status_code == 303
    assert "Ana Ibáñez" in browser.get("/dashboard/account").content.decode()


def test_a_name_that_is_too_long_is_refused_and_nothing_is_kept() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member)
    assert browser.post("/dashboard/account", {"form": "profile", "name": "x" * 151}).status_code == 422
    assert browser.post("/dashboard/account", {"form": "profile", "name": "a\x00b"}).status_code == 422
    assert User.objects.get(pk=member.user_id).name == ""


def test_preferences_are_the_persons_wherever_they_sign_in() -> None:
    member = make_member(organization=make_organization())
    chosen = {"theme": "dark", "density": "comfortable", "contrast": "more", "language": "en", "shortcuts": "off"}
    response = sign_in_as(member).post("/dashboard/account", {"form": "preferences", **chosen})
    assert response.status_code == 303
    assert response.cookies[COOKIE].value == "dark.comfortable.more.en.off.wide"
    page = sign_in_as(member).get("/dashboard/account").content.decode()
    assert '<html lang="en" data-theme="dark" data-density="comfortable" data-contrast="more"' in page
    assert "My account" in page


def test_unknown_preferences_are_refused() -> None:
    member = make_member(organization=make_organization())
    response = sign_in_as(member).post("/dashboard/account", {"form": "preferences", "theme": "purple"})
    assert response.status_code == 422
    assert User.objects.get(pk=member.user_id).preferences == {}


def test_the_side_bar_stays_as_it_was_left() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member)
    response = browser.post("/dashboard/account/side-bar", {"next": "/dashboard/account/sessions"})
    assert response["Location"] == "/dashboard/account/sessions"
    assert User.objects.get(pk=member.user_id).preferences["side_bar"] == "narrow"
    assert browser.post("/dashboard/account/side-bar", {"next": "https://evil.example/"})["Location"].startswith(
        "/dash"
    )


def test_the_world_is_chosen_for_the_session() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member)
    browser.post("/dashboard/environment", {"environment": "production"})
    assert browser.session["environment"] == Environment.PRODUCTION.value
    assert browser.post("/dashboard/environment", {"environment": "moon"}).status_code == 400
    assert browser.session["environment"] == Environment.PRODUCTION.value


def test_a_new_password_ends_every_session_and_token() -> None:
    member = make_member(organization=make_organization())
    browser, other, token = sign_in_as(member), sign_in_as(member), session_token(member)
    new = "a better horse and battery"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/dashboard/account/password", fields).status_code == 302
    assert other.get("/dashboard/account").status_code == 302
    assert Client().get("/api/v1/keys", **bearer(token)).status_code == 401
    assert sign_in(Client(), member.user.email, new).status_code == 302
    assert list_events(member, "account.changed") == [{"change": "password_changed"}]
    assert OutgoingMail.objects.filter(template="account_changed").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"oldpassword": "wrong"},
        {"password2": "another horse and battery"},
        {"password1": "password1234", "password2": "password1234"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_a_password_that_is_not_right_changes_nothing(wrong: dict[str, str]) -> None:
    member = make_member(organization=make_organization())
    new = "a better horse and battery"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new} | wrong
    assert sign_in_as(member).post("/dashboard/account/password", fields).status_code == 422
    assert sign_in(Client(), member.user.email).status_code == 302


def test_a_code_app_is_turned_on_with_recovery_codes_and_off_again(django_capture_on_commit_callbacks: Any) -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member)
    page = browser.get("/dashboard/account/second-factor/totp").content.decode()
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found
    wrong = browser.post("/dashboard/account/second-factor/totp", {"code": "000000"})
    assert wrong.status_code == 422
    assert not Authenticator.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post("/dashboard/account/second-factor/totp", {"code": make_code(found[1])})
    assert done["Location"] == "/dashboard/account/second-factor/codes"
    codes = browser.get("/dashboard/account/second-factor/codes").content.decode()
    assert len(re.findall(r"<li><code>", codes)) == 10
    assert browser.get("/dashboard/account/second-factor/codes/download").status_code == 200
    assert browser.post("/dashboard/account/second-factor/totp/remove").status_code == 302
    assert not Authenticator.objects.exists()
    changes = [each["change"] for each in list_events(member, "account.changed")]
    assert changes == ["totp_added", "totp_removed"]


def test_second_factors_need_a_fresh_proof_and_the_request_goes_on_after_it() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member, is_fresh=False)
    response = browser.get("/dashboard/account/second-factor/totp")
    assert response["Location"].startswith("/login/confirm?next=")
    assert browser.post(response["Location"], {"password": "wrong"}).status_code == 422
    confirmed = browser.post(response["Location"], {"password": PASSWORD})
    assert confirmed["Location"] == "/dashboard/account/second-factor/totp"
    assert browser.get("/dashboard/account/second-factor/totp").status_code == 200


def test_a_proof_is_fresh_for_five_minutes_after_the_sign_in() -> None:
    member = make_member(organization=make_organization())
    browser = Client()
    sign_in(browser, member.user.email)
    assert browser.get("/dashboard/account/second-factor/totp").status_code == 200
    with time_machine.travel(read_clock().timestamp() + 301):
        assert browser.get("/dashboard/account/second-factor/totp").status_code == 302


def test_a_code_proves_as_well_as_the_password() -> None:
    member = make_member(organization=make_organization())
    secret = add_totp(member.user)
    browser = sign_in_as(member, is_fresh=False)
    page = browser.get("/login/confirm?next=/dashboard/account/second-factor/codes/new").content.decode()
    assert "Usar un código" in page
    where = "/login/confirm/code?next=/dashboard/account/second-factor/codes/new"
    assert browser.post(where, {"code": "000000"}).status_code == 422
    assert browser.post(where, {"code": make_code(secret)})["Location"] == "/dashboard/account/second-factor/codes/new"


def test_sessions_are_listed_and_the_others_end_on_request() -> None:
    member = make_member(organization=make_organization())
    browser, other = Client(HTTP_USER_AGENT="Firefox of the office"), Client(HTTP_USER_AGENT="Phone")
    sign_in(browser, member.user.email)
    sign_in(other, member.user.email)
    page = browser.get("/dashboard/account/sessions").content.decode()
    assert "Firefox of the office" in page
    assert "Phone" in page
    assert browser.post("/dashboard/account/sessions").status_code == 302
    assert browser.get("/dashboard/account/sessions").status_code == 200
    assert other.get("/dashboard/account/sessions").status_code == 302


def test_the_api_takes_a_browsers_session_and_its_token_against_forgery() -> None:
    member = make_member(organization=make_organization())
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sign_in_as(member).cookies
    assert browser.get("/api/v1/keys").status_code == 200
    body: dict[str, Any] = {"name": "core", "type": "secret"}
    forged = browser.post("/api/v1/keys", body, content_type="application/json")
    assert (forged.status_code, forged.json()["error"]["details"]) == (403, {"reason": "csrf"})
    browser.get("/dashboard/account")
    token = browser.get("/dashboard/account").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', token)
    assert found
    made = browser.post("/api/v1/keys", body, content_type="application/json", HTTP_X_CSRFTOKEN=found[1])
    assert made.status_code == 201


def test_the_api_refuses_a_session_that_is_not_one() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member)
    assert browser.delete("/api/v1/auth/token").status_code == 401
    member.is_active = False
    member.save(update_fields=["is_active"])
    assert browser.get("/api/v1/keys").status_code == 401
    stranger = Client()
    stranger.cookies["clausum_session"] = "x" * 32
    assert stranger.get("/api/v1/keys").status_code == 401


def test_the_api_asks_a_browser_for_as_fresh_a_proof_as_the_pages() -> None:
    member = make_member(organization=make_organization())
    body: dict[str, Any] = {"name": "core", "type": "secret"}
    stale = sign_in_as(member, is_fresh=False)
    refused = stale.post("/api/v1/keys", body, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["details"]) == (403, {"reason": "reauthentication_required"})
    invitation = {"email": "eva@example.com", "role": "admin"}
    assert stale.post("/api/v1/team/invitations", invitation, content_type="application/json").status_code == 403
    assert stale.get("/api/v1/keys").json()["total"] == 0
    assert sign_in_as(member).post("/api/v1/keys", body, content_type="application/json").status_code == 201


def test_a_file_is_asked_for_again_after_the_proof() -> None:
    member = make_member(organization=make_organization())
    browser = sign_in_as(member, is_fresh=False)
    sent = browser.post("/dashboard/audit/export", {"format": "csv"})
    assert sent["Location"] == "/login/confirm?next=%2Fdashboard%2Faudit"
    assert browser.post(sent["Location"], {"password": PASSWORD})["Location"] == "/dashboard/audit"
    assert "pídalo otra vez" in browser.get("/dashboard/audit").content.decode()
    assert browser.post("/dashboard/audit/export", {"format": "csv"}).status_code == 200


@pytest.mark.parametrize("credential", ['{"id": 1}', '{"id": 1, "response": {}}', "[]", "null", "x", '{"response": 1}'])
def test_a_credential_that_no_authenticator_made_is_refused(credential: str) -> None:
    member = make_member(organization=make_organization())
    stranger = Client()
    refused = stranger.post("/login/passkey", {"credential": credential})
    assert (refused.status_code, refused["Location"]) == (302, "/login")
    assert "_auth_user_id" not in stranger.session
    add = "/dashboard/account/second-factor/passkeys/add"
    assert sign_in_as(member).post(add, {"credential": credential, "name": "x"}).status_code == 422
    assert not Authenticator.objects.exists()
