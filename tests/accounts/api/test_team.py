"""`/api/v1/team`: members and invitations, by an admin's session."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation, Membership, Organization
from accounts.types import Role
from tests.accounts.invitations import list_tokens
from tests.factories.accounts import bearer, make_invitation, make_member, make_organization, make_user, session_token

pytestmark = pytest.mark.django_db

MEMBERS, INVITATIONS = "/api/v1/team/members", "/api/v1/team/invitations"

type Call = Callable[..., Any]


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank, user=make_user(email="admin@banco.example"))


@pytest.fixture
def call(admin: Membership) -> Call:
    headers = bearer(session_token(admin))

    def make(method: str, path: str, body: Any = None) -> Any:
        sent: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(path, **headers, **sent)

    return make


def _reason(response: Any) -> tuple[int, str, Any]:
    error = response.json()["error"]
    return response.status_code, error["code"], error["details"]


def test_members_are_listed_with_what_a_review_asks(bank: Organization, admin: Membership, call: Call) -> None:
    ana = make_member(organization=bank, role=Role.ANALYST, user=make_user(email="ana@banco.example"))
    gone = make_member(organization=bank, role=Role.VIEWER, user=make_user(email="aaa@banco.example"))
    Membership.unscoped.filter(pk=gone.pk).update(is_active=False)
    Authenticator.objects.create(user=ana.user, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=admin.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    page = call("get", MEMBERS).json()
    assert page["total"] == 3
    shown = [(row["email"], row["role"], row["is_active"], row["has_second_factor"]) for row in page["data"]]
    assert shown == [
        ("admin@banco.example", "admin", True, False),
        ("ana@banco.example", "analyst", True, True),
        ("aaa@banco.example", "viewer", False, False),
    ]
    assert [row["email"] for row in call("get", f"{MEMBERS}?limit=1&offset=1").json()["data"]] == ["ana@banco.example"]


def test_a_list_asks_as_often_for_twelve_as_for_two(bank: Organization, call: Call) -> None:
    counts = []
    for rows in (2, 10):
        for _ in range(rows):
            make_member(organization=bank)
            make_invitation(organization=bank)
        for path in (MEMBERS, INVITATIONS):
            call("get", path)
            with CaptureQueriesContext(connection) as queries:
                call("get", path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_role_is_changed_for_the_revision_that_was_read(bank: Organization, call: Call) -> None:
    member = make_member(organization=bank, role=Role.VIEWER)
    path = f"{MEMBERS}/{member.id}"
    changed = call("patch", path, {"role": "analyst", "revision": 0})
    assert (changed.status_code, changed.json()["role"], changed.json()["revision"]) == (200, "analyst", 1)
    assert _reason(call("patch", path, {"role": "admin", "revision": 0})) == (
        409,
        "DUPLICATE",
        {"fields": {"role": {"theirs": "analyst", "yours": "admin"}}},
    )
    assert call("get", path).json()["role"] == "analyst"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "owner"},
        {"role": "viewer", "is_active": False},
        {"is_active": None},
        {"is_active": False, "note": "\x00"},
        {"role": "viewer", "name": "x"},
    ],
)
def test_what_is_no_change_is_refused(bank: Organization, call: Call, body: dict[str, Any]) -> None:
    member = make_member(organization=bank, role=Role.ANALYST)
    assert call("patch", f"{MEMBERS}/{member.id}", body).status_code == 400
    member.refresh_from_db()
    assert (member.role, member.is_active, member.revision) == ("analyst", True, 0)


def test_a_member_is_suspended_given_back_and_removed(bank: Organization, call: Call) -> None:
    member = make_member(organization=bank, role=Role.ANALYST)
    theirs, path = bearer(session_token(member)), f"{MEMBERS}/{member.id}"
    suspended = call("patch", path, {"is_active": False, "note": "Listas: a Eva"}).json()
    assert (suspended["is_active"], suspended["suspended_at"] is None) == (False, False)
    assert Client().get("/api/v1/keys", **theirs).status_code == 401
    assert call("patch", path, {"is_active": True}).json()["is_active"] is True
    assert call("delete", path).status_code == 204
    assert call("delete", path).status_code == 404
    assert call("get", MEMBERS).json()["total"] == 1


def test_the_last_admin_stays(admin: Membership, call: Call) -> None:
    path = f"{MEMBERS}/{admin.id}"
    for answer in (
        call("patch", path, {"role": "viewer"}),
        call("patch", path, {"is_active": False}),
        call("delete", path),
    ):
        assert _reason(answer) == (409, "DUPLICATE", {"reason": "last_admin"})
    assert call("get", path).json()["role"] == "admin"


def test_a_person_is_invited_sent_to_again_and_revoked(call: Call) -> None:
    sent = call("post", INVITATIONS, {"email": "Ana@Banco.example", "role": "analyst"})
    assert sent.status_code == 201
    body = sent.json()
    assert (body["email"], body["state"], body["sent_count"], body["ended_at"]) == (
        "ana@banco.example",
        "pending",
        1,
        None,
    )
    assert list_tokens()[0].partition("-")[2] not in sent.content.decode()
    twin = call("post", INVITATIONS, {"email": "ana@banco.example", "role": "admin"})
    assert _reason(twin) == (409, "DUPLICATE", {"reason": "already_invited", "id": body["id"]})
    again = call("post", f"{INVITATIONS}/{body['id']}/resend")
    assert (again.status_code, again.json()["sent_count"]) == (200, 1), "a mail went out less than a minute ago"
    for _ in range(2):
        assert call("post", f"{INVITATIONS}/{body['id']}/revoke").json()["state"] == "revoked"
    assert _reason(call("post", f"{INVITATIONS}/{body['id']}/resend")) == (
        409,
        "DUPLICATE",
        {"reason": "invitation_ended"},
    )
    assert call("get", f"{INVITATIONS}?is_open=true").json()["total"] == 0
    assert call("get", f"{INVITATIONS}?is_open=false").json()["total"] == 1


@pytest.mark.parametrize(
    "body", [{}, {"email": "ana", "role": "viewer"}, {"email": "ana\x00@b.mx", "role": "viewer"}, {"email": "a@b.mx"}]
)
def test_what_is_no_invitation_is_refused(call: Call, body: dict[str, Any]) -> None:
    assert call("post", INVITATIONS, body).status_code == 400
    assert Invitation.unscoped.count() == 0


def test_a_member_is_not_invited(admin: Membership, call: Call) -> None:
    assert call("post", INVITATIONS, {"email": admin.user.email, "role": "viewer"}).status_code == 409
