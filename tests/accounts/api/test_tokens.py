"""`POST` and `DELETE /api/v1/auth/token`."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import AccessToken, Membership, Organization, SecurityEntry, User
from accounts.types import KeyType, Role
from core.clock import read_clock
from events.models import Event
from tests.factories.accounts import (
    PASSWORD,
    bearer,
    make_api_key,
    make_member,
    make_organization,
    make_user,
    session_token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

URL = "/api/v1/auth/token"
KEYS = "/api/v1/keys"


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def member(organization: Organization) -> Membership:
    return make_member(organization=organization, role=Role.ANALYST)


def _ask(client: Client, email: str, password: str = PASSWORD, address: str = "192.0.2.1", **more: Any) -> Any:
    body = {"email": email, "password": password} | more
    return client.post(URL, body, content_type="application/json", REMOTE_ADDR=address)


def _error(response: Any) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    return error


def test_the_right_password_gets_a_token_that_opens_the_management_api(client: Client, member: Membership) -> None:
    response = _ask(client, member.user.email)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    token = body.pop("access_token")
    assert body == {
        "token_type": "Bearer",
        "expires_in": 900,
        "organization_id": str(member.organization_id),
        "role": "analyst",
    }
    assert client.get(KEYS, **bearer(token)).status_code == 200


def test_the_token_names_its_row_its_person_and_its_organization(client: Client, member: Membership) -> None:
    token = _ask(client, member.user.email).json()["access_token"]
    claims = jwt.decode(token, django_settings.SECRET_KEY, algorithms=["HS256"])
    row = AccessToken.unscoped.get()
    assert claims == {
        "jti": str(row.id),
        "sub": str(member.user_id),
        "org": str(member.organization_id),
        "iat": int(row.created_at.timestamp()),
        "exp": int(row.expires_at.timestamp()),
    }
    assert row.expires_at - row.created_at == timedelta(seconds=900)
    assert row.organization_id == member.organization_id


def test_signing_in_is_an_event_and_no_failure(client: Client, member: Membership) -> None:
    _ask(client, member.user.email)
    event = Event.unscoped.get()
    assert (event.kind, event.actor_id, event.subject_id) == (
        "token.issued",
        member.user_id,
        str(AccessToken.unscoped.get().id),
    )
    assert event.organization_id == member.organization_id
    assert SecurityEntry.objects.count() == 0


def test_the_e_mail_is_read_in_any_case(client: Client, member: Membership) -> None:
    assert _ask(client, f" {member.user.email.upper()} ").status_code == 200


def test_a_one_time_password_does_no_harm_to_a_person_without_a_second_factor(
    client: Client, member: Membership
) -> None:
    assert _ask(client, member.user.email, otp="123456").status_code == 200


def test_what_is_wrong_is_not_told(client: Client, member: Membership, organization: Organization) -> None:
    suspended = make_member(organization=organization)
    Membership.unscoped.filter(pk=suspended.id).update(is_active=False)
    person_off = make_member(organization=organization)
    User.objects.filter(pk=person_off.user_id).update(is_active=False)
    closed = make_member(organization=make_organization(is_active=False))
    alone = make_user()
    stranger = make_organization()
    answers = [
        _ask(client, member.user.email, "wrong"),
        _ask(client, "nobody@example.com"),
        _ask(client, suspended.user.email),
        _ask(client, person_off.user.email),
        _ask(client, closed.user.email),
        _ask(client, alone.email),
        _ask(client, member.user.email, organization_id=str(stranger.id)),
    ]
    assert {response.status_code for response in answers} == {401}
    assert len({response.content for response in answers}) == 1
    assert _error(answers[0])["code"] == "UNAUTHORIZED"
    assert AccessToken.unscoped.count() == 0
    assert Event.unscoped.count() == 0


def test_a_failure_is_kept_without_the_e_mail(client: Client, member: Membership) -> None:
    _ask(client, member.user.email, "wrong")
    entry = SecurityEntry.objects.get()
    assert (entry.kind, entry.address, len(entry.subject_digest)) == ("sign_in.failed", "192.0.2.1", 32)
    assert member.user.email.encode() not in bytes(entry.subject_digest)


def test_a_stranger_costs_as_much_as_a_wrong_password(
    client: Client, member: Membership, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = import_string(settings.PASSWORD_HASHERS[0])
    encode = hasher.encode

    def remember(self: Any, password: str, salt: str, *arguments: Any, **more: Any) -> str:
        hashed.append(password)
        return str(encode(self, password, salt, *arguments, **more))

    monkeypatch.setattr(hasher, "encode", remember)
    _ask(client, member.user.email, "wrong")
    known = len(hashed)
    _ask(client, "nobody@example.com", "wrong")
    assert (known, len(hashed) - known) == (1, 1)


@pytest.mark.parametrize("exists", [True, False])
def test_too_many_failures_of_an_account_are_429_whether_or_not_it_exists(
    client: Client, member: Membership, exists: bool
) -> None:
    email = member.user.email if exists else "nobody@example.com"
    answers = [_ask(client, email, "wrong", address=f"192.0.2.{n}").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    refused = _ask(client, email, PASSWORD, address="198.51.100.1")
    assert (refused.status_code, _error(refused)["code"], _error(refused)["details"]) == (429, "RATE_LIMITED", {})
    assert 890 <= int(refused["Retry-After"]) <= 900
    assert SecurityEntry.objects.count() == 10
    assert AccessToken.unscoped.count() == 0


def test_another_account_is_not_touched_by_it(client: Client, member: Membership) -> None:
    for n in range(10):
        _ask(client, "nobody@example.com", "wrong", address=f"192.0.2.{n}")
    assert _ask(client, member.user.email, address="192.0.2.1").status_code == 200


def test_too_many_failures_from_an_address_are_429(client: Client, member: Membership, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    answers = [_ask(client, f"nobody{n}@example.com", "wrong").status_code for n in range(4)]
    assert answers == [401, 401, 401, 429]
    assert _ask(client, member.user.email).status_code == 429
    assert _ask(client, member.user.email, address="192.0.2.2").status_code == 200


def test_right_passwords_are_never_too_many(client: Client, member: Membership) -> None:
    assert {_ask(client, member.user.email).status_code for _ in range(12)} == {200}


def test_failures_are_forgiven_when_the_window_has_passed(client: Client, member: Membership) -> None:
    for _ in range(10):
        _ask(client, member.user.email, "wrong")
    SecurityEntry.objects.update(created_at=read_clock() - timedelta(seconds=901))
    assert _ask(client, member.user.email).status_code == 200


def test_several_memberships_are_listed_only_after_a_right_password(client: Client, member: Membership) -> None:
    other = make_member(organization=make_organization(name="Zeta"), role=Role.VIEWER, user=member.user)
    assert _ask(client, member.user.email, "wrong").status_code == 401
    response = _ask(client, member.user.email)
    assert response.status_code == 400
    assert _error(response)["code"] == "VALIDATION_ERROR"
    assert _error(response)["details"] == {
        "fields": {"organization_id": ["This field is required."]},
        "organizations": [
            {"id": str(member.organization_id), "name": member.organization.name},
            {"id": str(other.organization_id), "name": "Zeta"},
        ],
    }
    assert SecurityEntry.objects.count() == 1
    named = _ask(client, member.user.email, organization_id=str(other.organization_id)).json()
    assert (named["organization_id"], named["role"]) == (str(other.organization_id), "viewer")


def test_a_suspended_membership_is_not_among_those_to_choose_from(client: Client, member: Membership) -> None:
    other = make_member(organization=make_organization(), user=member.user)
    Membership.unscoped.filter(pk=other.id).update(is_active=False)
    assert _ask(client, member.user.email).json()["organization_id"] == str(member.organization_id)
    assert _ask(client, member.user.email, organization_id=str(other.organization_id)).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "x"}, "email"),
        ({"email": "a@example.com"}, "password"),
        ({"email": 1, "password": "x"}, "email"),
        ({"email": "a@example.com", "password": "x", "organization_id": "7"}, "organization_id"),
        ({"email": "a@example.com", "password": "x", "otp": 123456}, "otp"),
    ],
)
def test_a_body_that_is_wrong_is_400_and_no_failure(client: Client, body: dict[str, Any], field: str) -> None:
    response = client.post(URL, body, content_type="application/json")
    assert response.status_code == 400
    assert list(_error(response)["details"]["fields"]) == [field]
    assert SecurityEntry.objects.count() == 0


def test_a_misspelt_field_is_400(client: Client, member: Membership) -> None:
    response = _ask(client, member.user.email, organisation_id="x")
    assert (response.status_code, _error(response)["details"]) == (400, {"unknown_fields": 1})


def test_a_credential_that_comes_along_is_not_looked_at(client: Client, member: Membership) -> None:
    response = client.post(
        URL, {"email": member.user.email, "password": PASSWORD}, content_type="application/json", **bearer("nonsense")
    )
    assert response.status_code == 200


def test_delete_ends_the_token_at_once(client: Client, member: Membership) -> None:
    token = _ask(client, member.user.email).json()["access_token"]
    other = session_token(member)
    response = client.delete(URL, **bearer(token))
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(KEYS, **bearer(token)).status_code == 401
    assert client.delete(URL, **bearer(token)).status_code == 401
    assert client.get(KEYS, **bearer(other)).status_code == 200
    assert list(Event.unscoped.order_by("created_at").values_list("kind", flat=True)) == ["token.issued", "token.ended"]


@pytest.mark.parametrize("role", Role)
def test_every_role_may_end_its_token(client: Client, organization: Organization, role: Role) -> None:
    token = session_token(make_member(organization=organization, role=role))
    assert client.delete(URL, **bearer(token)).status_code == 204


def test_delete_without_a_session_is_401(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization, key_type=KeyType.SECRET)
    assert client.delete(URL).status_code == 401
    assert client.delete(URL, **bearer(full)).status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "patch", "options"])
def test_other_methods_are_405(client: Client, method: str) -> None:
    response = getattr(client, method)(URL)
    assert (response.status_code, _error(response)["code"]) == (405, "METHOD_NOT_ALLOWED")


def _end_by_suspending_the_member(member: Membership) -> None:
    Membership.unscoped.filter(pk=member.id).update(is_active=False)


def _end_by_suspending_the_person(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(is_active=False)


def _end_by_suspending_the_organization(member: Membership) -> None:
    Organization.objects.filter(pk=member.organization_id).update(is_active=False)


def _end_by_a_new_password(member: Membership) -> None:
    member.user.set_password("another long password")
    member.user.save()


def _end_by_leaving(member: Membership) -> None:
    member.delete()


def _end_by_time(member: Membership) -> None:
    AccessToken.unscoped.update(expires_at=read_clock() - timedelta(seconds=1))


@pytest.mark.parametrize(
    "end",
    [
        _end_by_suspending_the_member,
        _end_by_suspending_the_person,
        _end_by_suspending_the_organization,
        _end_by_a_new_password,
        _end_by_leaving,
        _end_by_time,
    ],
)
def test_a_token_ends_at_once(client: Client, member: Membership, end: Any) -> None:
    token = _ask(client, member.user.email).json()["access_token"]
    assert client.get(KEYS, **bearer(token)).status_code == 200
    end(member)
    assert client.get(KEYS, **bearer(token)).status_code == 401


def test_a_token_issued_after_a_new_password_is_good(client: Client, member: Membership) -> None:
    _end_by_a_new_password(member)
    token = _ask(client, member.user.email, "another long password").json()["access_token"]
    assert client.get(KEYS, **bearer(token)).status_code == 200


def _forge(member: Membership, **claims: Any) -> dict[str, Any]:
    row = AccessToken.unscoped.create(
        organization_id=member.organization_id,
        user=member.user,
        password_epoch=member.user.password_epoch,
        created_at=read_clock(),
        expires_at=read_clock() + timedelta(minutes=15),
    )
    return {"jti": str(row.id), "exp": row.expires_at} | claims


def test_a_token_that_is_not_ours_is_401(client: Client, member: Membership) -> None:
    claims, secret = _forge(member), django_settings.SECRET_KEY
    assert client.get(KEYS, **bearer(jwt.encode(claims, secret, algorithm="HS256"))).status_code == 200
    forged = [
        jwt.encode(claims, "another secret of at least 32 bytes", algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, secret * 2, algorithm="HS512"),
        jwt.encode({"jti": claims["jti"]}, secret, algorithm="HS256"),
        jwt.encode({"exp": claims["exp"]}, secret, algorithm="HS256"),
        jwt.encode(claims | {"exp": read_clock() - timedelta(seconds=1)}, secret, algorithm="HS256"),
        jwt.encode(claims | {"jti": "not a uuid"}, secret, algorithm="HS256"),
        jwt.encode(claims | {"jti": str(member.id)}, secret, algorithm="HS256"),
        "a.b.c",
    ]
    assert [client.get(KEYS, **bearer(token)).status_code for token in forged] == [401] * len(forged)


def test_a_clock_behind_the_signer_s_does_not_refuse_a_fresh_token(client: Client, member: Membership) -> None:
    claims = _forge(member, iat=read_clock() + timedelta(seconds=5))
    token = jwt.encode(claims, django_settings.SECRET_KEY, algorithm="HS256")
    assert client.get(KEYS, **bearer(token)).status_code == 200
