"""`POST /api/v1/blocklists`."""

import json
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
from core.environments import Environment
from tests.blocklists.conftest import PATH, Person, sign_in
from tests.blocklists.factories import NOW, make_entry
from tests.factories.accounts import bearer, make_api_key, make_organization

EMAIL = {"list_type": "email", "value": "Fraudster@Example.com"}
ENTRY_FIELDS = {  # contract §9
    "id",
    "organization_id",
    "list_type",
    "value",
    "flow_scope",
    "severity",
    "reason",
    "source",
    "case_id",
    "is_active",
    "expires_at",
    "created_by",
    "created_at",
    "updated_at",
    "hit_count",
    "last_hit_at",
}


def _count(organization: Organization) -> int:
    return BlocklistEntry.objects.across_organizations(reason="test").filter(organization=organization).count()


def test_an_entry_is_added_and_answered_with_all_fields_of_the_contract(admin: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = admin.post(EMAIL | {"severity": "flag", "reason": "Contracargo", "source": "chargeback"})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == ENTRY_FIELDS
    assert body == {
        "id": str(uuid.UUID(body["id"])),
        "organization_id": str(admin.member.organization_id),
        "list_type": "email",
        "value": "fraudster@example.com",
        "flow_scope": "payin",
        "severity": "flag",
        "reason": "Contracargo",
        "source": "chargeback",
        "case_id": None,
        "is_active": True,
        "expires_at": None,
        "created_by": str(admin.member.user_id),
        "created_at": "2026-01-15T18:00:00.000Z",
        "updated_at": "2026-01-15T18:00:00.000Z",
        "hit_count": 0,
        "last_hit_at": None,
    }


def test_the_vendors_own_example_works_as_it_stands(admin: Person) -> None:
    body = {
        "list_type": "email",
        "value": "fraudster@example.com",
        "severity": "block",
        "reason": "Confirmed chargeback fraud",
    }
    answer = admin.post(body)
    assert answer.status_code == 201
    assert body.items() <= answer.json().items()


def test_the_vendors_own_clabe_may_be_listed_although_its_check_digit_is_wrong(admin: Person) -> None:
    answer = admin.post({"list_type": "clabe", "value": "012180001234567890"})
    assert (answer.status_code, answer.json()["flow_scope"]) == (201, "payout")


def test_a_reason_is_kept_without_what_stands_around_it(admin: Person) -> None:
    assert admin.post(EMAIL | {"reason": " Mula\r\nde abril\n"}).json()["reason"] == "Mula\nde abril"


def test_an_expiry_is_answered_in_utc(admin: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = admin.post(EMAIL | {"expires_at": "2026-12-01T12:00:00-06:00"})
    assert answer.json()["expires_at"] == "2026-12-01T18:00:00.000Z"


def test_a_duplicate_is_409_with_the_existing_id(admin: Person, organization: Organization) -> None:
    first = admin.post(EMAIL).json()
    answer = admin.post(EMAIL | {"severity": "review"})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "DUPLICATE"
    assert answer.json()["error"]["details"] == {"id": first["id"]}
    assert _count(organization) == 1


def test_what_was_switched_off_comes_back_under_its_old_id(admin: Person, organization: Organization) -> None:
    old = make_entry(organization=organization, list_type=ListType.EMAIL, value=EMAIL["value"], is_active=False)
    answer = admin.post(EMAIL)
    assert (answer.status_code, answer.json()["id"], answer.json()["is_active"]) == (201, str(old.id), True)
    assert _count(organization) == 1


def test_what_expired_comes_back_under_its_old_id(admin: Person, organization: Organization) -> None:
    old = make_entry(
        organization=organization, list_type=ListType.EMAIL, value=EMAIL["value"], expires_at=NOW - timedelta(days=400)
    )
    with time_machine.travel(NOW, tick=False):
        answer = admin.post(EMAIL)
    assert (answer.status_code, answer.json()["id"], answer.json()["expires_at"]) == (201, str(old.id), None)


REFUSED: list[tuple[Any, str, str | None]] = [
    ({"value": "a@example.com"}, "VALIDATION_ERROR", "list_type"),
    ({"list_type": "email"}, "VALIDATION_ERROR", "value"),
    ({"list_type": "emails", "value": "a@example.com"}, "INVALID_TYPE", "list_type"),
    ({"list_type": "EMAIL", "value": "a@example.com"}, "INVALID_TYPE", "list_type"),
    ({"list_type": None, "value": "a@example.com"}, "INVALID_TYPE", "list_type"),
    ({"list_type": ["email"], "value": "a@example.com"}, "INVALID_TYPE", "list_type"),
    (EMAIL | {"severity": "deny"}, "INVALID_SEVERITY", "severity"),
    (EMAIL | {"severity": 1}, "INVALID_SEVERITY", "severity"),
    (EMAIL | {"value": "no-at-sign-secret"}, "VALIDATION_ERROR", "value"),
    (EMAIL | {"value": 7}, "VALIDATION_ERROR", "value"),
    (EMAIL | {"value": ""}, "VALIDATION_ERROR", "value"),
    ({"list_type": "email_domain", "value": "com.mx"}, "VALIDATION_ERROR", "value"),
    ({"list_type": "card_hash", "value": "4111111111111111"}, "VALIDATION_ERROR", "value"),
    (EMAIL | {"flow_scope": "refund"}, "VALIDATION_ERROR", "flow_scope"),
    (EMAIL | {"source": "fraud_report"}, "VALIDATION_ERROR", "source"),
    (EMAIL | {"source": "import"}, "VALIDATION_ERROR", "source"),
    (EMAIL | {"source": "network"}, "VALIDATION_ERROR", "source"),
    (EMAIL | {"reason": "x" * 2001}, "VALIDATION_ERROR", "reason"),
    (EMAIL | {"expires_at": "2020-01-01T00:00:00Z"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"expires_at": "2030-01-01T00:00:00"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"expires_at": "2030-01-01"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"expires_at": "9999-12-31T23:59:59Z"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"expires_at": "9998-12-31T23:59:59-01:00"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"expires_at": "9999-12-31T23:59:59-12:00"}, "VALIDATION_ERROR", "expires_at"),
    (EMAIL | {"organization_id": str(uuid.uuid4())}, "VALIDATION_ERROR", None),
    (EMAIL | {"case_id": str(uuid.uuid4())}, "VALIDATION_ERROR", None),
    (EMAIL | {"is_active": False}, "VALIDATION_ERROR", None),
]


@pytest.mark.parametrize(("body", "code", "field"), REFUSED)
def test_what_is_wrong_is_400_names_the_field_repeats_no_value_and_adds_nothing(
    admin: Person, organization: Organization, body: dict[str, Any], code: str, field: str | None
) -> None:
    answer = admin.post(body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert list(error["details"].get("fields", {})) == ([field] if field else [])
    assert "secret" not in answer.content.decode()
    assert _count(organization) == 0


def test_a_body_that_is_no_json_is_415_and_broken_json_is_400(admin: Person) -> None:
    client = Client()
    plain = client.post(PATH, "list_type=email", content_type="text/plain", **bearer(admin.token))
    broken = client.post(PATH, "{", content_type="application/json", **bearer(admin.token))
    assert (plain.status_code, broken.status_code) == (415, 400)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 201), (Role.ANALYST, 201), (Role.COMPLIANCE_OFFICER, 201), (Role.VIEWER, 403)],
)
def test_all_but_a_viewer_may_add(
    person: Callable[[Role], Person], organization: Organization, role: Role, status: int
) -> None:
    assert person(role).post(EMAIL).status_code == status
    assert _count(organization) == (1 if status == 201 else 0)


def test_anonymous_callers_and_keys_of_any_kind_are_401(organization: Organization) -> None:
    _, key = make_api_key(organization=organization)
    body = json.dumps(EMAIL)
    for credentials in ({}, bearer(key), bearer("no.such.token")):
        assert Client().post(PATH, body, content_type="application/json", **credentials).status_code == 401
    assert _count(organization) == 0


def test_a_stranger_adds_to_his_own_lists_only(admin: Person, stranger: Person) -> None:
    first, second = admin.post(EMAIL), stranger.post(EMAIL)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["organization_id"] == str(stranger.member.organization_id)
    assert first.json()["id"] != second.json()["id"]


def test_the_environment_is_the_sessions_choice(admin: Person, organization: Organization) -> None:
    assert admin.post(EMAIL).status_code == 201
    assert admin.post(EMAIL, environment="production").status_code == 201
    assert admin.post(EMAIL, environment="production").status_code == 409
    for environment in Environment:
        assert BlocklistEntry.objects.for_organization(organization.id, environment).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("was", ["absent", "switched off"])
def test_of_twins_that_come_at_once_one_is_201_and_the_others_are_409(was: str) -> None:
    organization = make_organization()
    admin = sign_in(organization, Role.ADMIN)
    if was == "switched off":
        make_entry(organization=organization, list_type=ListType.EMAIL, value=EMAIL["value"], is_active=False)
    callers = 6
    start = Barrier(callers)

    def call(_number: int) -> tuple[int, str]:
        start.wait(10)
        try:
            answer = admin.post(EMAIL)
            body = answer.json()
            return answer.status_code, body.get("id") or body["error"]["details"]["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(callers) as pool:
        answers = list(pool.map(call, range(callers)))
    assert sorted(status for status, _ in answers) == [201] + [409] * (callers - 1)
    assert len({entry_id for _, entry_id in answers}) == 1
    assert _count(organization) == 1
