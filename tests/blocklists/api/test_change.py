"""`PATCH /api/v1/blocklists` and `PATCH /api/v1/blocklists/{id}`."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import Organization
from accounts.types import Role
from blocklists.models import BlocklistEntry
from blocklists.types import ListType
from tests.blocklists.conftest import PATH, Person, sign_in
from tests.blocklists.factories import NOW, make_entry
from tests.factories.accounts import bearer, make_api_key, make_organization

FIELDS = ("reason", "severity", "flow_scope", "is_active", "expires_at", "value", "updated_at")


@pytest.fixture
def entry(organization: Organization) -> BlocklistEntry:
    return make_entry(organization=organization, list_type=ListType.EMAIL, value="a@example.com", severity="flag")


def _state(entry: BlocklistEntry) -> tuple[Any, ...]:
    entry.refresh_from_db()
    return tuple(getattr(entry, field) for field in FIELDS)


def test_the_entry_that_the_body_names_is_changed_and_answered(admin: Person, entry: BlocklistEntry) -> None:
    changes = {"severity": "block", "flow_scope": "both", "reason": "Confirmado"}
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        answer = admin.call("PATCH", body={"id": str(entry.id)} | changes)
    assert answer.status_code == 200
    assert answer.json().items() >= ({"id": str(entry.id), "updated_at": "2026-01-15T19:00:00.000Z"} | changes).items()
    assert _state(entry)[:3] == ("Confirmado", "block", "both")


def test_the_entry_that_the_path_names_is_changed_too(admin: Person, entry: BlocklistEntry) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = admin.call("PATCH", f"{PATH}/{entry.id}", {"expires_at": "2027-01-01T00:00:00Z", "is_active": False})
    assert answer.status_code == 200
    assert (answer.json()["expires_at"], answer.json()["is_active"]) == ("2027-01-01T00:00:00.000Z", False)


def test_an_expiry_is_taken_away_with_null(admin: Person, organization: Organization) -> None:
    ending = make_entry(
        organization=organization, list_type=ListType.PHONE, value="+525512345678", expires_at=NOW + timedelta(days=999)
    )
    assert admin.call("PATCH", f"{PATH}/{ending.id}", {"expires_at": None}).json()["expires_at"] is None


def test_a_reason_is_taken_away_with_null(admin: Person, organization: Organization) -> None:
    row = make_entry(organization=organization, list_type=ListType.PHONE, value="+525512345678", reason="Llamadas")
    assert admin.call("PATCH", f"{PATH}/{row.id}", {"reason": None}).json()["reason"] == ""


def test_without_changes_the_entry_is_answered_as_it_is(admin: Person, entry: BlocklistEntry) -> None:
    before = _state(entry)
    answer = admin.call("PATCH", f"{PATH}/{entry.id}", {})
    assert (answer.status_code, answer.json()["id"]) == (200, str(entry.id))
    assert _state(entry) == before


def test_path_and_body_must_name_the_same_entry(admin: Person, entry: BlocklistEntry) -> None:
    before = _state(entry)
    same = admin.call("PATCH", f"{PATH}/{entry.id}", {"id": str(entry.id)})
    other = admin.call("PATCH", f"{PATH}/{entry.id}", {"id": str(uuid.uuid4()), "severity": "block"})
    assert (same.status_code, other.status_code) == (200, 400)
    assert list(other.json()["error"]["details"]["fields"]) == ["id"]
    assert _state(entry) == before


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"severity": "deny"}, "INVALID_SEVERITY", "severity"),
        ({"severity": None}, "INVALID_SEVERITY", "severity"),
        ({"flow_scope": "refund"}, "VALIDATION_ERROR", "flow_scope"),
        ({"flow_scope": None}, "VALIDATION_ERROR", "flow_scope"),
        ({"is_active": "yes"}, "VALIDATION_ERROR", "is_active"),
        ({"reason": 7}, "VALIDATION_ERROR", "reason"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "VALIDATION_ERROR", "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "VALIDATION_ERROR", "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59Z"}, "VALIDATION_ERROR", "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "VALIDATION_ERROR", "expires_at"),
        ({"id": "not-a-uuid"}, "VALIDATION_ERROR", "id"),
        ({"value": "b@example.com"}, "VALIDATION_ERROR", None),
        ({"list_type": "phone"}, "VALIDATION_ERROR", None),
        ({"source": "api"}, "VALIDATION_ERROR", None),
    ],
)
def test_what_is_wrong_is_400_and_changes_nothing(
    admin: Person, entry: BlocklistEntry, changes: dict[str, Any], code: str, field: str | None
) -> None:
    before = _state(entry)
    answer = admin.call("PATCH", body={"id": str(entry.id)} | changes)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert list(error["details"].get("fields", {})) == ([field] if field else [])
    assert _state(entry) == before


def test_without_an_id_the_body_is_400(admin: Person) -> None:
    answer = admin.call("PATCH", body={"severity": "block"})
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (400, ["id"])


def test_a_would_be_duplicate_is_409_with_the_other_ones_id(
    admin: Person, entry: BlocklistEntry, organization: Organization
) -> None:
    before = _state(entry)
    twin = make_entry(organization=organization, list_type=ListType.EMAIL, value="a@example.com", flow_scope="both")
    answer = admin.call("PATCH", body={"id": str(entry.id), "flow_scope": "both"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "DUPLICATE")
    assert answer.json()["error"]["details"] == {"id": str(twin.id)}
    assert _state(entry) == before


@pytest.mark.parametrize(
    ("role", "strengthened", "weakened"),
    [
        (Role.ADMIN, 200, 200),
        (Role.COMPLIANCE_OFFICER, 200, 200),
        (Role.ANALYST, 200, 403),
        (Role.VIEWER, 403, 403),
    ],
)
def test_who_may_strengthen_and_who_may_weaken(
    person: Callable[[Role], Person], entry: BlocklistEntry, role: Role, strengthened: int, weakened: int
) -> None:
    someone = person(role)
    answers = [
        someone.call("PATCH", body={"id": str(entry.id), "severity": "block"}),
        someone.call("PATCH", f"{PATH}/{entry.id}", {"is_active": False}),
    ]
    assert [answer.status_code for answer in answers] == [strengthened, weakened]
    assert _state(entry)[1] == ("block" if strengthened == 200 else "flag")
    assert _state(entry)[3] is (weakened == 403)


def test_a_strangers_entry_is_404_and_stays(stranger: Person, entry: BlocklistEntry) -> None:
    before = _state(entry)
    answers = [
        stranger.call("PATCH", body={"id": str(entry.id), "severity": "block"}),
        stranger.call("PATCH", f"{PATH}/{entry.id}", {"severity": "block"}),
        stranger.call("PATCH", f"{PATH}/{uuid.uuid4()}", {"severity": "block"}),
    ]
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [(404, "NOT_FOUND")] * 3
    assert _state(entry) == before


def test_the_other_environments_entry_is_404_and_stays(admin: Person, entry: BlocklistEntry) -> None:
    before = _state(entry)
    answer = admin.call("PATCH", f"{PATH}/{entry.id}", {"severity": "block"}, environment="production")
    assert answer.status_code == 404
    assert _state(entry) == before


def test_anonymous_callers_and_keys_are_401(organization: Organization, entry: BlocklistEntry) -> None:
    _, key = make_api_key(organization=organization)
    for credentials in ({}, bearer(key)):
        answer = Client().patch(f"{PATH}/{entry.id}", "{}", content_type="application/json", **credentials)
        assert answer.status_code == 401


@pytest.mark.django_db(transaction=True)
def test_of_two_entries_that_take_the_same_place_at_once_one_is_200_and_the_other_409() -> None:
    organization = make_organization()
    admin = sign_in(organization, Role.ADMIN)
    rows = [
        make_entry(organization=organization, list_type=ListType.EMAIL, value="a@example.com", flow_scope=scope)
        for scope in ("payin", "payout")
    ]
    start = Barrier(2)

    def call(entry_id: uuid.UUID) -> int:
        start.wait(10)
        try:
            status: int = admin.call("PATCH", f"{PATH}/{entry_id}", {"flow_scope": "both"}).status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(call, [row.id for row in rows])) == [200, 409]


def test_a_path_that_is_no_id_is_404(admin: Person) -> None:
    assert admin.call("PATCH", f"{PATH}/not-an-id", {}).status_code == 404


def test_one_entry_has_no_get(admin: Person, entry: BlocklistEntry) -> None:
    answer = admin.call("GET", f"{PATH}/{entry.id}")
    assert answer.status_code == 405
