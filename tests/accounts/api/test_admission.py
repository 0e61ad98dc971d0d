"""Who is let in, and the contract's order of refusal (§1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from accounts.models import ApiKey, Organization, RateWindow
from accounts.types import KeyType, Module, Role
from core.clock import read_clock
from core.environments import Environment
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

BACK, FRONT, REPORT, OFFICE = (f"/api/v1/{door}-door" for door in ("back", "front", "report", "office"))
OPEN_FRONT: dict[str, Any] = {"content_type": "application/json", "data": "{}"}


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def _code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def _details(response: Any) -> Any:
    return response.json()["error"]["details"]


# --- the order of refusal -------------------------------------------------------------------------------------------


def test_each_refusal_comes_before_the_next_one(client: Client, organization: Organization) -> None:
    """One request with every fault there is, mended one by one: each mending uncovers the next refusal."""
    key, full = make_api_key(
        organization=organization,
        allowed_ips=["192.0.2.1"],
        permissions=["assess"],
        rate_limit_per_minute=1,
    )
    Organization.objects.filter(pk=organization.id).update(modules=[])
    seen = []

    def send(method: str = "POST", path: str = BACK, credential: str = "nonsense", **extra: Any) -> None:
        given = {"data": b"x" * 70_000, "content_type": "text/plain", **bearer(credential)} | extra
        response = client.generic(method, path, **given)
        seen.append((*_code(response), _details(response)))

    send("PUT", "/api/v1/no-such-door")
    send("PUT")
    send()
    _, publishable = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE, allowed_ips=["192.0.2.1"])
    send(credential=publishable)
    send(credential=full)
    ApiKey.unscoped.filter(pk=key.id).update(allowed_ips=[])
    send(credential=full)
    ApiKey.unscoped.filter(pk=key.id).update(permissions=["*"])
    send(credential=full)
    assert RateWindow.objects.count() == 0
    Organization.objects.filter(pk=organization.id).update(modules=[Module.INSTITUTIONAL.value])
    send(credential=full)
    send(credential=full)
    ApiKey.unscoped.filter(pk=key.id).update(rate_limit_per_minute=None)
    send(credential=full, data=b"x")
    send(credential=full, data=b"x", content_type="application/json")
    send(credential=full, data=b"{}", content_type="application/json")
    assert [(status, code) for status, code, _ in seen] == [
        (404, "NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
        (401, "UNAUTHORIZED"),
        (403, "SECRET_KEY_REQUIRED"),
        (403, "FORBIDDEN"),
        (403, "FORBIDDEN"),
        (403, "FORBIDDEN"),
        (413, "PAYLOAD_TOO_LARGE"),
        (429, "RATE_LIMIT_EXCEEDED"),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (400, "VALIDATION_ERROR"),
        (400, "VALIDATION_ERROR"),
    ]
    assert [details for _, _, details in seen[4:7]] == [
        {"reason": "ip_not_allowed"},
        {"permission": "transactions:write"},
        {"module": "CLM-MOD-INST"},
    ]
    assert seen[-1][2] == {"fields": {"amount": ["is always wrong here"]}}


def test_a_session_is_refused_in_the_same_order(client: Client, organization: Organization) -> None:
    member = make_member(organization=organization, role=Role.VIEWER)
    token = session_token(member)
    Organization.objects.filter(pk=organization.id).update(modules=[])
    assert _code(client.put(OFFICE, **bearer("x")))[0] == 405
    assert _code(client.post(OFFICE, **bearer("x")))[0] == 401
    Organization.objects.filter(pk=organization.id).update(allowed_ips=["203.0.113.0/24"])
    response = client.post(OFFICE, **bearer(token))
    assert (*_code(response), _details(response)) == (403, "FORBIDDEN", {"reason": "ip_not_allowed"})
    Organization.objects.filter(pk=organization.id).update(allowed_ips=["127.0.0.1"])
    response = client.post(OFFICE, **bearer(token))
    assert _details(response) == {"permission": "blocklists:delete"}
    response = client.get(OFFICE, **bearer(token))
    assert _details(response) == {"module": "CLM-MOD-OPS"}


def test_the_list_of_addresses_is_for_people_not_for_keys(client: Client, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.id).update(allowed_ips=["203.0.113.0/24"])
    _, full = make_api_key(organization=organization)
    assert client.get(BACK, **bearer(full)).status_code == 200
    member = make_member(organization=organization, role=Role.ADMIN)
    assert client.get(OFFICE, **bearer(session_token(member))).status_code == 403
    assert client.get(OFFICE, REMOTE_ADDR="203.0.113.9", **bearer(session_token(member))).status_code == 200


# --- credentials ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "clm_sk_abc",
        "Bearer clm_sk_abcdefghijkl_",
        "Bearer ñ",
        "Bearer a b",
    ],
)
def test_a_credential_that_is_missing_or_malformed_is_401(client: Client, header: str) -> None:
    response = client.get(BACK, HTTP_AUTHORIZATION=header)
    assert _code(response) == (401, "UNAUTHORIZED")


def test_no_credential_at_all_is_401(client: Client) -> None:
    assert _code(client.get(BACK)) == (401, "UNAUTHORIZED")


def test_a_live_key_is_let_in_and_acts_in_its_own_environment(client: Client, organization: Organization) -> None:
    key, full = make_api_key(organization=organization, environment=Environment.PRODUCTION)
    response = client.get(BACK, **bearer(full))
    assert response.json() == {"key": str(key.id), "environment": "production", "address": "127.0.0.1"}
    assert client.get(BACK, HTTP_AUTHORIZATION=f"bearer {full}").status_code == 200


@pytest.mark.parametrize(
    "state",
    [
        {"is_enabled": False},
        {"revoked_at": read_clock() - timedelta(seconds=1)},
        {"expires_at": read_clock() - timedelta(seconds=1)},
    ],
)
def test_a_key_that_is_disabled_revoked_or_expired_is_401(
    client: Client, organization: Organization, state: dict[str, Any]
) -> None:
    key, full = make_api_key(organization=organization)
    assert client.get(BACK, **bearer(full)).status_code == 200
    ApiKey.unscoped.filter(pk=key.id).update(**state)
    assert _code(client.get(BACK, **bearer(full))) == (401, "UNAUTHORIZED")


def test_a_rotated_key_lives_through_its_overlap(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization, revoked_at=read_clock() + timedelta(hours=1))
    assert client.get(BACK, **bearer(full)).status_code == 200


def test_a_key_of_a_suspended_organization_is_401(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    Organization.objects.filter(pk=organization.id).update(is_active=False)
    assert _code(client.get(BACK, **bearer(full))) == (401, "UNAUTHORIZED")


def test_the_right_public_id_with_another_secret_is_401(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    wrong = full[:-1] + ("a" if full[-1] != "a" else "b")
    assert _code(client.get(BACK, **bearer(wrong))) == (401, "UNAUTHORIZED")


def test_a_key_dressed_as_another_type_is_401(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE)
    assert _code(client.post(BACK, **bearer(full.replace("clm_pub_", "clm_sk_")))) == (401, "UNAUTHORIZED")


def test_key_types_are_told_apart(client: Client, organization: Organization) -> None:
    _, secret = make_api_key(organization=organization)
    _, publishable = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE)
    _, ingest = make_api_key(organization=organization, key_type=KeyType.INGEST)
    answers = {
        (door, name): client.post(door, **OPEN_FRONT, **bearer(full)).status_code
        for door in (FRONT, REPORT)
        for name, full in (("secret", secret), ("publishable", publishable), ("ingest", ingest))
    }
    assert answers == {
        (FRONT, "secret"): 200,
        (FRONT, "publishable"): 200,
        (FRONT, "ingest"): 401,
        (REPORT, "secret"): 200,
        (REPORT, "publishable"): 403,
        (REPORT, "ingest"): 401,
    }
    assert _code(client.post(REPORT, **bearer(publishable))) == (403, "PUBLIC_KEY_NOT_ALLOWED")
    assert _code(client.post(BACK, **bearer(publishable))) == (403, "SECRET_KEY_REQUIRED")


@pytest.mark.parametrize("key_type", KeyType)
def test_a_key_of_any_kind_on_a_session_endpoint_is_401(
    client: Client, organization: Organization, key_type: KeyType
) -> None:
    _, full = make_api_key(organization=organization, key_type=key_type)
    assert _code(client.get(OFFICE, **bearer(full))) == (401, "UNAUTHORIZED")
    assert _code(client.get(f"{OFFICE}?api_key={full}")) == (401, "UNAUTHORIZED")


def test_a_session_on_a_partner_endpoint_is_401(client: Client, organization: Organization) -> None:
    token = session_token(make_member(organization=organization))
    assert _code(client.get(BACK, **bearer(token))) == (401, "UNAUTHORIZED")


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "status"),
    [([], 200), (["127.0.0.1"], 200), (["127.0.0.0/8"], 200), (["192.0.2.0/24", "::1"], 403)],
)
def test_a_key_is_used_from_its_addresses_only(
    client: Client, organization: Organization, allowed: list[str], status: int
) -> None:
    _, full = make_api_key(organization=organization, allowed_ips=allowed)
    assert client.get(BACK, **bearer(full)).status_code == status


@pytest.mark.parametrize(
    ("settings_of_key", "origin", "reason"),
    [
        ({}, None, None),
        ({}, "https://a.example", "origin_not_allowed"),
        ({"allowed_origins": ["https://a.example"]}, "https://a.example", None),
        ({"allowed_origins": ["https://a.example"]}, "HTTPS://A.example", None),
        ({"allowed_origins": ["https://a.example"]}, "https://b.example", "origin_not_allowed"),
        ({"allowed_origins": ["https://a.example"]}, "null", "origin_not_allowed"),
        ({"allowed_origins": ["https://a.example"]}, None, None),
        ({"allowed_origins": ["https://a.example"], "require_origin": True}, None, "origin_required"),
    ],
)
def test_a_publishable_key_is_used_from_its_origins_only(
    client: Client, organization: Organization, settings_of_key: dict[str, Any], origin: str | None, reason: str | None
) -> None:
    _, full = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE, **settings_of_key)
    headers = bearer(full) | ({"HTTP_ORIGIN": origin} if origin else {})
    response = client.post(FRONT, **OPEN_FRONT, **headers)
    if reason is None:
        assert response.status_code == 200
    else:
        assert _code(response) == (403, "FORBIDDEN")
        assert _details(response) == {"reason": reason}


def test_a_secret_key_asks_for_no_origin(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    assert client.post(FRONT, **OPEN_FRONT, **bearer(full), HTTP_ORIGIN="https://x.example").status_code == 200


def test_forwarded_addresses_count_only_from_trusted_proxies(
    client: Client, organization: Organization, settings: Any
) -> None:
    _, full = make_api_key(organization=organization, allowed_ips=["198.51.100.7"])
    forwarded = bearer(full) | {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7, 10.0.0.5"}
    assert _details(client.get(BACK, **forwarded)) == {"reason": "ip_not_allowed"}
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]
    assert client.get(BACK, **forwarded).json()["address"] == "198.51.100.7"


# --- ?api_key= ------------------------------------------------------------------------------------------------------


def test_a_key_in_the_url_works_and_is_said_to_be_deprecated(client: Client, organization: Organization) -> None:
    key, full = make_api_key(organization=organization)
    response = client.get(f"{BACK}?api_key={full}")
    assert response.json()["key"] == str(key.id)
    assert response["Deprecation"].startswith("@")
    assert response["Cache-Control"] == "no-store"
    in_header = client.get(BACK, **bearer(full))
    assert "Deprecation" not in in_header


def test_the_same_key_in_both_places_is_one_credential(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    assert client.get(f"{BACK}?api_key={full}", **bearer(full)).status_code == 200


def test_two_different_credentials_are_401(client: Client, organization: Organization) -> None:
    _, one = make_api_key(organization=organization)
    _, other = make_api_key(organization=organization)
    response = client.get(f"{BACK}?api_key={one}", **bearer(other))
    assert _code(response) == (401, "UNAUTHORIZED")
    assert response["Cache-Control"] == "no-store"
    assert _code(client.get(f"{BACK}?api_key={one}", HTTP_AUTHORIZATION="Basic eDp5")) == (401, "UNAUTHORIZED")


def test_an_organization_can_switch_the_key_in_the_url_off(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    Organization.objects.filter(pk=organization.id).update(allows_query_key=False)
    assert _code(client.get(f"{BACK}?api_key={full}")) == (401, "UNAUTHORIZED")
    assert client.get(BACK, **bearer(full)).status_code == 200


def test_a_key_in_the_url_reaches_no_log(
    client: Client, organization: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    _, full = make_api_key(organization=organization)
    with capture_logs() as lines:
        for path in (BACK, "/api/v1/nowhere", "/nowhere"):
            client.get(f"{path}?api_key={full}")
        client.get(f"{BACK}?api_key={full}x")
        client.post(f"/api/v1/broken-door?api_key={full}")
        client.get(f"{BACK}?api_key={full}", HTTP_HOST="evil.example")
    assert [line["event"] for line in lines] == [
        "request",
        "request",
        "request",
        "request",
        "failed",
        "request",
        "request",
    ]
    assert full[-32:] not in repr(lines) + caplog.text


# --- rate limits ----------------------------------------------------------------------------------------------------


def test_every_authenticated_call_counts_and_tells_the_limit(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization, rate_limit_per_minute=2)
    served = client.get(BACK, **bearer(full))
    assert (served["X-RateLimit-Limit"], served["X-RateLimit-Remaining"]) == ("2", "1")
    failed = client.post(BACK, "{}", content_type="application/json", **bearer(full))
    assert (failed.status_code, failed["X-RateLimit-Remaining"]) == (400, "0")
    refused = client.get(BACK, **bearer(full))
    assert _code(refused) == (429, "RATE_LIMIT_EXCEEDED")
    assert refused["X-RateLimit-Remaining"] == "0"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_a_call_that_is_refused_before_counts_for_nothing(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization, rate_limit_per_minute=5, permissions=["assess"])
    response = client.get(BACK, **bearer(full))
    assert _code(response) == (403, "FORBIDDEN")
    assert "X-RateLimit-Limit" not in response
    assert RateWindow.objects.count() == 0


def test_no_limit_is_no_header(client: Client, organization: Organization) -> None:
    _, full = make_api_key(organization=organization)
    response = client.get(BACK, **bearer(full))
    assert [name for name in response.headers if name.startswith("X-RateLimit")] == []


def test_a_rotated_key_shares_its_successor_s_count(client: Client, organization: Organization) -> None:
    old, old_full = make_api_key(organization=organization, rate_limit_per_minute=5)
    _, new_full = make_api_key(organization=organization, rate_limit_per_minute=5, rate_group=old.rate_group)
    client.get(BACK, **bearer(old_full))
    assert client.get(BACK, **bearer(new_full))["X-RateLimit-Remaining"] == "3"


def test_another_key_has_a_count_of_its_own(client: Client, organization: Organization) -> None:
    for _ in range(2):
        _, full = make_api_key(organization=organization, rate_limit_per_minute=5)
        assert client.get(BACK, **bearer(full))["X-RateLimit-Remaining"] == "4"


def test_one_visitor_s_flood_leaves_a_publishable_key_to_the_others(
    client: Client, organization: Organization, settings: Any
) -> None:
    settings.PUBLISHABLE_CALLS_PER_ADDRESS = 2
    _, full = make_api_key(organization=organization, key_type=KeyType.PUBLISHABLE, rate_limit_per_minute=10)

    def call(address: str) -> Any:
        return client.post(FRONT, **OPEN_FRONT, **bearer(full), REMOTE_ADDR=address)

    assert call("192.0.2.1")["X-RateLimit-Limit"] == "10"
    statuses = [call("192.0.2.1").status_code for _ in range(20)]
    assert statuses == [200] + [429] * 19
    assert call("192.0.2.2")["X-RateLimit-Remaining"] == "7"


def test_a_person_s_calls_are_limited_with_the_management_code(
    client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.api.admission.SESSION_CALLS_PER_MINUTE", 1)
    token = session_token(make_member(organization=organization))
    assert client.get(OFFICE, **bearer(token)).status_code == 200
    response = client.get(OFFICE, **bearer(token))
    assert _code(response) == (429, "RATE_LIMITED")
    assert 1 <= int(response["Retry-After"]) <= 60


def test_a_rate_store_that_is_down_is_503(client: Client, organization: Organization, settings: Any) -> None:
    settings.RATE_STORE_URL = "redis://127.0.0.1:1/0"
    _, full = make_api_key(organization=organization, rate_limit_per_minute=5)
    response = client.get(BACK, **bearer(full))
    assert _code(response) == (503, "RATE_LIMIT_STORE_UNAVAILABLE")
    assert response["Retry-After"] == "1"
    _, unlimited = make_api_key(organization=organization)
    assert client.get(BACK, **bearer(unlimited)).status_code == 200


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_session_acts_in_the_environment_that_it_names(client: Client, organization: Organization) -> None:
    token = session_token(make_member(organization=organization))
    assert client.get(OFFICE, **bearer(token)).json() == {"environment": "sandbox", "role": "admin"}
    assert client.get(f"{OFFICE}?environment=production", **bearer(token)).json()["environment"] == "production"
    response = client.get(f"{OFFICE}?environment=staging", **bearer(token))
    assert _code(response) == (400, "VALIDATION_ERROR")
    assert list(_details(response)["fields"]) == ["environment"]


def test_the_role_is_read_per_request(client: Client, organization: Organization) -> None:
    member = make_member(organization=organization, role=Role.ADMIN)
    token = session_token(member)
    posting = {"data": "{}", "content_type": "application/json"} | bearer(token)
    assert client.post(OFFICE, **posting).status_code == 200
    member.role = Role.VIEWER.value
    member.save()
    assert _details(client.post(OFFICE, **posting)) == {"permission": "blocklists:delete"}


def test_head_needs_what_get_needs(client: Client, organization: Organization) -> None:
    token = session_token(make_member(organization=organization, role=Role.VIEWER))
    assert client.head(OFFICE, **bearer(token)).status_code == 200
    assert client.head(OFFICE).status_code == 401
