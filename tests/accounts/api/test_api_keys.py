"""`/api/v1/keys`."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.keys import hash_key
from accounts.models import ApiKey, Membership, Organization
from accounts.types import KeyType, Role
from core.clock import read_clock
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

URL = "/api/v1/keys"
BACK = "/api/v1/back-door"


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Membership:
    return make_member(organization=organization)


class Office:
    """Calls the keys endpoints as one person."""

    def __init__(self, client: Client, member: Membership) -> None:
        self._client = client
        self._headers = bearer(session_token(member))

    def get(self, path: str = "") -> Any:
        return self._client.get(URL + path, **self._headers)

    def post(self, path: str = "", body: Any = None) -> Any:
        if body is None:
            return self._client.generic("POST", URL + path, **self._headers)
        return self._client.post(URL + path, body, content_type="application/json", **self._headers)

    def patch(self, path: str, body: Any) -> Any:
        return self._client.patch(URL + path, body, content_type="application/json", **self._headers)


@pytest.fixture
def office(client: Client, admin: Membership) -> Office:
    return Office(client, admin)


@pytest.fixture
def stranger(client: Client) -> Office:
    return Office(client, make_member(organization=make_organization()))


def _error(response: Any) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    return error


def _count_rows() -> tuple[int, int]:
    return ApiKey.unscoped.count(), Event.unscoped.count()


# --- create ---------------------------------------------------------------------------------------------------------


def test_a_key_is_made_with_the_contract_s_defaults(
    client: Client, office: Office, admin: Membership, organization: Organization
) -> None:
    response = office.post(body={"name": "Core bancario", "type": "secret"})
    assert response.status_code == 201
    assert response["Cache-Control"] == "no-store"
    row = ApiKey.unscoped.get()
    body = response.json()
    full = body.pop("key")
    assert body == {
        "id": str(row.id),
        "name": "Core bancario",
        "type": "secret",
        "environment": "sandbox",
        "prefix": f"clm_sk_{row.public_id}",
        "last_four": full[-4:],
        "permissions": [
            "assess",
            "fraud:report",
            "submerchants:read",
            "submerchants:write",
            "transactions:read",
            "transactions:write",
        ],
        "is_enabled": True,
        "expires_at": None,
        "revoked_at": None,
        "allowed_ips": [],
        "allowed_origins": [],
        "require_origin": False,
        "rate_limit_per_minute": 100,
        "rate_limit_per_day": None,
        "created_by": str(admin.user_id),
        "created_at": body["created_at"],
        "last_used_at": None,
        "last_used_ip": None,
    }
    assert row.organization_id == organization.id
    assert bytes(row.secret_hash) == hash_key(full)
    assert client.get(BACK, **bearer(full))["X-RateLimit-Limit"] == "100"


def test_a_key_is_made_as_asked(office: Office) -> None:
    expiry = datetime(2031, 5, 1, 12, tzinfo=UTC)
    response = office.post(
        body={
            "name": "Checkout",
            "type": "publishable",
            "environment": "production",
            "permissions": ["*"],
            "expires_at": "2031-05-01T06:00:00-06:00",
            "allowed_ips": ["10.0.0.9/8", "2001:DB8::1"],
            "allowed_origins": ["HTTPS://Tienda.example:443"],
            "require_origin": True,
            "is_enabled": False,
            "rate_limit_per_minute": None,
            "rate_limit_per_day": 5000,
        }
    )
    assert response.status_code == 201
    row = ApiKey.objects.for_organization(ApiKey.unscoped.get().organization_id, Environment.PRODUCTION).get()
    assert (row.key_type, row.permissions, row.expires_at) == ("publishable", ["*"], expiry)
    assert (row.allowed_ips, row.allowed_origins) == (["10.0.0.0/8", "2001:db8::1"], ["https://tienda.example"])
    assert (row.require_origin, row.is_enabled) == (True, False)
    assert (row.rate_limit_per_minute, row.rate_limit_per_day) == (None, 5000)
    assert response.json()["key"].startswith("clm_pub_")
    assert response.json()["expires_at"] == "2031-05-01T12:00:00.000Z"


def test_making_a_key_is_an_event_of_the_key_s_environment(office: Office, admin: Membership) -> None:
    office.post(body={"name": "x", "type": "ingest", "environment": "production"})
    event, row = Event.unscoped.get(), ApiKey.unscoped.get()
    assert (event.kind, event.environment, event.actor_id) == ("key.created", "production", admin.user_id)
    assert (event.subject_type, event.subject_id) == ("api_key", str(row.id))
    assert event.payload == {"public_id": row.public_id, "type": "ingest", "permissions": []}


def test_the_secret_is_kept_nowhere(office: Office) -> None:
    full = office.post(body={"name": "x", "type": "secret"}).json()["key"]
    secret = full.rpartition("_")[2]
    kept = repr(list(ApiKey.unscoped.values())) + repr(list(Event.unscoped.values()))
    assert secret not in kept


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": 7}, "name"),
        ({"type": "session"}, "type"),
        ({"type": None}, "type"),
        ({"environment": "staging"}, "environment"),
        ({"permissions": "*"}, "permissions"),
        ({"permissions": ["keys:write"]}, "permissions"),
        ({"permissions": [1]}, "permissions[0]"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2031-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": 1900000000}, "expires_at"),
        ({"allowed_ips": ["banco.mx"]}, "allowed_ips"),
        ({"allowed_ips": "10.0.0.1"}, "allowed_ips"),
        ({"allowed_origins": ["https://a.example"]}, "allowed_origins"),
        ({"type": "publishable", "allowed_origins": ["a.example"]}, "allowed_origins"),
        ({"require_origin": True}, "require_origin"),
        ({"require_origin": 1}, "require_origin"),
        ({"rate_limit_per_minute": 0}, "rate_limit_per_minute"),
        ({"rate_limit_per_minute": "100"}, "rate_limit_per_minute"),
        ({"rate_limit_per_minute": 1.5}, "rate_limit_per_minute"),
        ({"rate_limit_per_day": -1}, "rate_limit_per_day"),
        ({"rate_limit_per_day": 2**31}, "rate_limit_per_day"),
    ],
)
def test_a_wrong_setting_is_400_and_names_the_field(office: Office, change: dict[str, Any], field: str) -> None:
    response = office.post(body={"name": "x", "type": "secret"} | change)
    assert (response.status_code, _error(response)["code"]) == (400, "VALIDATION_ERROR")
    assert list(_error(response)["details"]["fields"]) == [field]
    assert _count_rows() == (0, 0)


@pytest.mark.parametrize("missing", ["name", "type"])
def test_name_and_type_are_needed(office: Office, missing: str) -> None:
    body = {"name": "x", "type": "secret"}
    del body[missing]
    assert _error(office.post(body=body))["details"] == {"fields": {missing: ["This field is required."]}}


def test_a_misspelt_setting_is_400_and_makes_no_key(office: Office) -> None:
    response = office.post(body={"name": "x", "type": "secret", "allowed_ip": ["10.0.0.1"]})
    assert (response.status_code, _error(response)["details"]) == (400, {"unknown_fields": 1})
    assert _count_rows() == (0, 0)


def test_the_organization_is_never_an_input(office: Office) -> None:
    other = make_organization()
    response = office.post(body={"name": "x", "type": "secret", "organization_id": str(other.id)})
    assert response.status_code == 400
    assert _count_rows() == (0, 0)


# --- read -----------------------------------------------------------------------------------------------------------


def test_the_list_shows_both_environments_the_newest_first(office: Office, organization: Organization) -> None:
    now = read_clock()
    ids = [
        str(
            make_api_key(organization=organization, environment=environment, created_at=now + timedelta(seconds=n))[
                0
            ].id
        )
        for n, environment in enumerate([Environment.SANDBOX, Environment.PRODUCTION, Environment.SANDBOX])
    ]
    body = office.get().json()
    assert [key["id"] for key in body["data"]] == ids[::-1]
    assert (body["total"], body["limit"], body["offset"]) == (3, 50, 0)
    assert [key["id"] for key in office.get("?environment=production").json()["data"]] == [ids[1]]
    assert [key["id"] for key in office.get("?environment=sandbox").json()["data"]] == [ids[2], ids[0]]


def test_the_list_is_paged(office: Office, organization: Organization) -> None:
    now = read_clock()
    ids = [str(make_api_key(organization=organization, created_at=now + timedelta(seconds=n))[0].id) for n in range(3)]
    body = office.get("?limit=1&offset=1").json()
    assert ([key["id"] for key in body["data"]], body["total"]) == ([ids[1]], 3)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?environment=staging", "environment"),
        ("?limit=0", "limit"),
        ("?limit=501", "limit"),
        ("?limit=x", "limit"),
        ("?offset=-1", "offset"),
    ],
)
def test_a_wrong_query_is_400(office: Office, query: str, field: str) -> None:
    response = office.get(query)
    assert response.status_code == 400
    assert list(_error(response)["details"]["fields"]) == [field]


def test_the_number_of_queries_does_not_grow_with_the_keys(
    office: Office, organization: Organization, django_assert_num_queries: Any
) -> None:
    for count in (2, 10):
        for _ in range(count):
            make_api_key(organization=organization)
        with django_assert_num_queries(2):
            office.get()


def test_one_key_is_read_in_either_environment_and_never_with_its_secret(
    office: Office, organization: Organization
) -> None:
    for environment in Environment:
        row, full = make_api_key(organization=organization, environment=environment)
        response = office.get(f"/{row.id}")
        assert (response.status_code, response.json()["environment"]) == (200, environment.value)
        assert "key" not in response.json()
        assert full.rpartition("_")[2] not in response.content.decode()
        assert bytes(row.secret_hash).hex() not in response.content.decode()


def test_last_use_is_shown(client: Client, office: Office, organization: Organization) -> None:
    row, full = make_api_key(organization=organization)
    client.get(BACK, **bearer(full), REMOTE_ADDR="192.0.2.8")
    body = office.get(f"/{row.id}").json()
    assert body["last_used_ip"] == "192.0.2.8"
    assert body["last_used_at"].endswith("Z")


@pytest.mark.parametrize("path", ["/7", f"/{uuid.UUID(int=7)}/no-such-action"])
def test_a_path_that_is_none_is_404(office: Office, path: str) -> None:
    assert office.get(path).status_code == 404


# --- change ---------------------------------------------------------------------------------------------------------


def test_only_what_is_given_changes_and_at_once(client: Client, office: Office, organization: Organization) -> None:
    row, full = make_api_key(organization=organization, name="before", rate_limit_per_day=9)
    response = office.patch(f"/{row.id}", {"name": "after", "allowed_ips": ["192.0.2.0/24"]})
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["rate_limit_per_day"]) == ("after", 9)
    assert client.get(BACK, **bearer(full)).status_code == 403


def test_a_change_is_told_with_before_and_after_personal_parts_apart(
    office: Office, admin: Membership, organization: Organization
) -> None:
    row, _ = make_api_key(organization=organization, rate_limit_per_day=9, name="before")
    office.patch(f"/{row.id}", {"name": "after", "rate_limit_per_day": None, "expires_at": "2031-05-01T06:00:00-06:00"})
    event = Event.unscoped.get()
    assert (event.kind, event.actor_id, event.subject_id) == ("key.changed", admin.user_id, str(row.id))
    assert event.payload == {
        "expires_at": {"before": None, "after": "2031-05-01T12:00:00+00:00"},
        "rate_limit_per_day": {"before": 9, "after": None},
    }
    assert event.personal_digest is not None


def test_what_is_the_same_is_no_change(office: Office, organization: Organization) -> None:
    row, _ = make_api_key(organization=organization, name="same")
    assert office.patch(f"/{row.id}", {"name": "same"}).status_code == 200
    assert office.patch(f"/{row.id}", {}).status_code == 200
    assert Event.unscoped.count() == 0


def test_a_key_is_disabled_and_enabled_at_once(client: Client, office: Office, organization: Organization) -> None:
    row, full = make_api_key(organization=organization)
    office.patch(f"/{row.id}", {"is_enabled": False})
    assert client.get(BACK, **bearer(full)).status_code == 401
    office.patch(f"/{row.id}", {"is_enabled": True})
    assert client.get(BACK, **bearer(full)).status_code == 200


@pytest.mark.parametrize(
    ("change", "details"),
    [
        ({"type": "publishable"}, {"unknown_fields": 1}),
        ({"environment": "production"}, {"unknown_fields": 1}),
        ({"key": "x", "secret_hash": "y"}, {"unknown_fields": 2}),
        ({"permissions": ["keys:write"]}, None),
        ({"allowed_origins": ["https://a.example"]}, None),
        ({"expires_at": "2001-01-01T00:00:00Z"}, None),
        ({"name": None}, None),
    ],
)
def test_what_may_not_be_changed_is_400_and_changes_nothing(
    office: Office, organization: Organization, change: dict[str, Any], details: dict[str, Any] | None
) -> None:
    row, _ = make_api_key(organization=organization)
    before = ApiKey.unscoped.values().get()
    response = office.patch(f"/{row.id}", change | {"rate_limit_per_minute": 5})
    assert response.status_code == 400
    assert details is None or _error(response)["details"] == details
    assert ApiKey.unscoped.values().get() == before
    assert Event.unscoped.count() == 0


# --- rotate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "hours"),
    [(None, 0), ({}, 0), ({"overlap_hours": 0}, 0), ({"overlap_hours": 24}, 24), ({"overlap_hours": 168}, 168)],
)
def test_a_rotated_key_lives_on_for_the_overlap(
    client: Client, office: Office, admin: Membership, organization: Organization, body: Any, hours: int
) -> None:
    old, old_full = make_api_key(
        organization=organization,
        environment=Environment.PRODUCTION,
        name="Core",
        permissions=["transactions:write"],
        allowed_ips=["127.0.0.1"],
        expires_at=datetime(2031, 1, 1, tzinfo=UTC),
        rate_limit_per_minute=7,
        rate_limit_per_day=70,
    )
    response = office.post(f"/{old.id}/rotate", body)
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    new_full = response.json()["key"]
    old.refresh_from_db()
    new = ApiKey.unscoped.get(pk=response.json()["id"])
    inherited = (
        "organization_id",
        "environment",
        "key_type",
        "name",
        "permissions",
        "allowed_ips",
        "expires_at",
        "rate_limit_per_minute",
        "rate_limit_per_day",
        "rate_group",
    )
    assert [getattr(new, field) for field in inherited] == [getattr(old, field) for field in inherited]
    assert (new.revoked_at, new.created_by_id, new.last_used_at) == (None, admin.user_id, None)
    assert old.revoked_at is not None
    assert old.revoked_at - new.created_at == timedelta(hours=hours)
    assert client.get(BACK, **bearer(new_full))["X-RateLimit-Remaining"] == "6"
    seen = client.get(BACK, **bearer(old_full))
    assert seen.status_code == (200 if hours else 401)
    assert not hours or seen["X-RateLimit-Remaining"] == "5"


def test_a_body_that_cannot_be_read_rotates_nothing(
    client: Client, admin: Membership, organization: Organization
) -> None:
    old, _ = make_api_key(organization=organization)
    headers = bearer(session_token(admin)) | {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/json"}
    assert client.generic("POST", f"{URL}/{old.id}/rotate", **headers).status_code == 400
    old.refresh_from_db()
    assert old.revoked_at is None


def test_a_rotation_is_an_event(office: Office, organization: Organization) -> None:
    old, _ = make_api_key(organization=organization)
    new_id = office.post(f"/{old.id}/rotate", {"overlap_hours": 24}).json()["id"]
    event = Event.unscoped.get()
    assert (event.kind, event.subject_id) == ("key.rotated", str(old.id))
    assert event.payload == {"successor_id": new_id, "overlap_hours": 24}


@pytest.mark.parametrize("hours", [1, -1, 169, "24", 24.0, None])
def test_another_overlap_is_400_and_rotates_nothing(office: Office, organization: Organization, hours: Any) -> None:
    old, _ = make_api_key(organization=organization)
    response = office.post(f"/{old.id}/rotate", {"overlap_hours": hours})
    assert response.status_code == 400
    assert list(_error(response)["details"]["fields"]) == ["overlap_hours"]
    old.refresh_from_db()
    assert (old.revoked_at, _count_rows()) == (None, (1, 0))


def test_a_key_is_rotated_once(office: Office, organization: Organization) -> None:
    old, _ = make_api_key(organization=organization)
    office.post(f"/{old.id}/rotate", {"overlap_hours": 24})
    response = office.post(f"/{old.id}/rotate", {"overlap_hours": 24})
    assert (response.status_code, _error(response)["code"]) == (409, "DUPLICATE")
    assert _error(response)["details"] == {"reason": "key_rotated"}
    assert _count_rows() == (2, 1)


def test_an_expired_key_is_not_rotated(office: Office, organization: Organization) -> None:
    old, _ = make_api_key(organization=organization, expires_at=read_clock() - timedelta(seconds=1))
    response = office.post(f"/{old.id}/rotate", {})
    assert (response.status_code, _error(response)["details"]) == (409, {"reason": "key_expired"})
    assert _count_rows() == (1, 0)


# --- revoke ---------------------------------------------------------------------------------------------------------


def test_revocation_takes_effect_at_once_and_is_said_once(
    client: Client, office: Office, organization: Organization
) -> None:
    row, full = make_api_key(organization=organization)
    assert client.get(BACK, **bearer(full)).status_code == 200
    response = office.post(f"/{row.id}/revoke")
    assert response.status_code == 200
    assert response.json()["revoked_at"].endswith("Z")
    assert client.get(BACK, **bearer(full)).status_code == 401
    assert office.post(f"/{row.id}/revoke").json() == response.json()
    assert [event.kind for event in Event.unscoped.all()] == ["key.revoked"]


def test_a_key_within_its_overlap_is_revoked_at_once(
    client: Client, office: Office, organization: Organization
) -> None:
    row, full = make_api_key(organization=organization)
    office.post(f"/{row.id}/rotate", {"overlap_hours": 168})
    assert client.get(BACK, **bearer(full)).status_code == 200
    office.post(f"/{row.id}/revoke")
    assert client.get(BACK, **bearer(full)).status_code == 401


def test_a_revoked_key_is_neither_changed_nor_rotated(office: Office, organization: Organization) -> None:
    row, _ = make_api_key(organization=organization, revoked_at=read_clock() - timedelta(days=1))
    before = ApiKey.unscoped.values().get()
    for response in (office.patch(f"/{row.id}", {"name": "other"}), office.post(f"/{row.id}/rotate", {})):
        assert (response.status_code, _error(response)["code"]) == (409, "DUPLICATE")
        assert _error(response)["details"] == {"reason": "key_revoked"}
    assert ApiKey.unscoped.values().get() == before
    assert Event.unscoped.count() == 0


# --- who may --------------------------------------------------------------------------------------------------------

CREATE = {"name": "x", "type": "secret"}


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.ADMIN, True, True),
        (Role.ANALYST, True, False),
        (Role.COMPLIANCE_OFFICER, True, False),
        (Role.VIEWER, False, False),
    ],
)
def test_roles(client: Client, organization: Organization, role: Role, reads: bool, writes: bool) -> None:
    row, _ = make_api_key(organization=organization)
    office = Office(client, make_member(organization=organization, role=role))
    may_read, may_write = (200 if reads else 403), writes
    assert [office.get().status_code, office.get(f"/{row.id}").status_code] == [may_read, may_read]
    statuses = [
        office.post(body=CREATE).status_code,
        office.patch(f"/{row.id}", {"name": "y"}).status_code,
        office.post(f"/{row.id}/rotate", {"overlap_hours": 24}).status_code,
        office.post(f"/{row.id}/revoke").status_code,
    ]
    assert statuses == ([201, 200, 201, 200] if may_write else [403] * 4)
    if not may_write:
        assert _count_rows() == (1, 0)


def test_a_stranger_sees_and_does_nothing(stranger: Office, organization: Organization) -> None:
    row, _ = make_api_key(organization=organization)
    before = ApiKey.unscoped.values().get()
    assert stranger.get().json()["data"] == []
    assert stranger.get("?environment=sandbox").json()["total"] == 0
    answers = [
        stranger.get(f"/{row.id}"),
        stranger.patch(f"/{row.id}", {"name": "mine"}),
        stranger.post(f"/{row.id}/rotate", {"overlap_hours": 0}),
        stranger.post(f"/{row.id}/revoke"),
    ]
    assert [response.status_code for response in answers] == [404] * 4
    assert {_error(response)["code"] for response in answers} == {"NOT_FOUND"}
    assert ApiKey.unscoped.values().get() == before
    assert Event.unscoped.count() == 0


def test_nobody_may_do_anything(client: Client, organization: Organization) -> None:
    row, _ = make_api_key(organization=organization)
    statuses = [
        client.get(URL).status_code,
        client.post(URL, CREATE, content_type="application/json").status_code,
        client.get(f"{URL}/{row.id}").status_code,
        client.patch(f"{URL}/{row.id}", {}, content_type="application/json").status_code,
        client.post(f"{URL}/{row.id}/rotate").status_code,
        client.post(f"{URL}/{row.id}/revoke").status_code,
    ]
    assert statuses == [401] * 6


@pytest.mark.parametrize("key_type", KeyType)
def test_a_key_does_not_manage_keys(client: Client, organization: Organization, key_type: KeyType) -> None:
    _, full = make_api_key(organization=organization, key_type=key_type)
    assert client.get(URL, **bearer(full)).status_code == 401
    assert client.post(URL, CREATE, content_type="application/json", **bearer(full)).status_code == 401
