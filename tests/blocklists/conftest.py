"""What tests of blocklists share: people of one organization and a stranger, each with a signed-in client."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from tests.factories.accounts import make_member, make_organization, session_token

PATH = "/api/v1/blocklists"


@dataclass(frozen=True)
class Person:
    """A signed-in member, who calls the API."""

    member: Membership
    token: str

    def call(self, method: str, path: str = PATH, body: Any = None, **query: str) -> Any:
        client = Client(raise_request_exception=False)
        data = "" if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {self.token}"}
        return client.generic(method, path, data, "application/json", query_params=query, headers=headers)

    def get(self, **query: Any) -> Any:
        return self.call("GET", **{name: str(value) for name, value in query.items()})

    def post(self, body: Any, **query: str) -> Any:
        return self.call("POST", body=body, **query)


def sign_in(organization: Organization, role: Role) -> Person:
    member = make_member(organization=organization, role=role)
    return Person(member, session_token(member))


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def person(organization: Organization) -> Callable[[Role], Person]:
    return lambda role: sign_in(organization, role)


@pytest.fixture
def admin(organization: Organization) -> Person:
    return sign_in(organization, Role.ADMIN)


@pytest.fixture
def stranger(db: None) -> Person:
    """The administrator of another organization."""
    return sign_in(make_organization(), Role.ADMIN)
