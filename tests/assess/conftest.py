"""A bank with a key, and a way to call the API as its core does."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Organization
from accounts.types import KeyType, OrganizationType, Role
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token

PAYIN = "/api/v1/assess"
PAYOUT = "/api/v1/assess/payout"
RELEASE = "/api/v1/assess/release"


@dataclass
class Caller:
    """One organization's core, with its secret key."""

    organization: Organization
    key: str

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Post a JSON body (or raw bytes) and return the response; header names in HTTP_… form."""
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        sent = bearer(self.key) | headers
        return Client().post(path, data=data, content_type="application/json", **sent)

    def payin(self, **fields: Any) -> dict[str, Any]:
        return expect_ok(self.post(PAYIN, make_payin(**fields)))

    def payout(self, **fields: Any) -> dict[str, Any]:
        return expect_ok(self.post(PAYOUT, make_payout(**fields)))

    def token(self, role: Role = Role.ADMIN) -> str:
        return session_token(make_member(organization=self.organization, role=role))


def expect_ok(response: HttpResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def make_caller(key_type: KeyType = KeyType.SECRET, **fields: Any) -> Caller:
    organization = make_organization(**fields)
    return Caller(organization, make_api_key(organization=organization, key_type=key_type)[1])


def make_payin(**fields: Any) -> dict[str, Any]:
    return {"amount": 1500, "currency": "MXN"} | fields


def make_payout(**fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "amount": 250_000,
        "currency": "MXN",
        "beneficiary": {"name": "Proveedor Norte", "country": "MX", "clabe": "646180111800000004"},
        "origin": {"account_id": "acct-1", "country": "MX"},
        "payout": {"channel": "spei", "initiated_by": "laura.gomez"},
    }
    return body | fields


@pytest.fixture
def bank(db: None) -> Caller:
    return make_caller(organization_type=OrganizationType.BANK.value)


@pytest.fixture
def stranger(db: None) -> Caller:
    return make_caller()
