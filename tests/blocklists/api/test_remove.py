"""`DELETE /api/v1/blocklists` and `DELETE /api/v1/blocklists/{id}`."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.types import Role
from blocklists.models import BlocklistEntry
from blocklists.types import ListType
from tests.blocklists.conftest import PATH, Person
from tests.blocklists.factories import make_entry
from tests.factories.accounts import bearer, make_api_key


@pytest.fixture
def entry(organization: Organization) -> BlocklistEntry:
    return make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")


def _exists(entry: BlocklistEntry) -> bool:
    return BlocklistEntry.objects.across_organizations(reason="test").filter(id=entry.id).exists()


@pytest.mark.parametrize("way", ["query", "body", "path"])
def test_an_entry_is_deleted_whichever_way_it_is_named(admin: Person, entry: BlocklistEntry, way: str) -> None:
    entry_id = str(entry.id)
    answer = {
        "query": lambda: admin.call("DELETE", id=entry_id),
        "body": lambda: admin.call("DELETE", body={"id": entry_id}),
        "path": lambda: admin.call("DELETE", f"{PATH}/{entry_id}"),
    }[way]()
    assert (answer.status_code, answer.content) == (204, b"")
    assert not _exists(entry)


def test_a_second_deletion_is_404(admin: Person, entry: BlocklistEntry) -> None:
    assert [admin.call("DELETE", id=str(entry.id)).status_code for _ in range(2)] == [204, 404]


def test_what_was_deleted_can_be_listed_anew_under_another_id(admin: Person, entry: BlocklistEntry) -> None:
    admin.call("DELETE", id=str(entry.id))
    answer = admin.post({"list_type": "country", "value": "KP"})
    assert answer.status_code == 201
    assert answer.json()["id"] != str(entry.id)


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({}, None),
        ({}, {}),
        ({"id": "not-a-uuid"}, None),
        ({"id": ""}, None),
        ({}, {"id": "not-a-uuid"}),
        ({}, {"id": None}),
        ({"id": str(uuid.UUID(int=1))}, {"id": str(uuid.UUID(int=2))}),
    ],
)
def test_without_one_readable_id_it_is_400(
    admin: Person, entry: BlocklistEntry, query: dict[str, str], body: Any
) -> None:
    answer = admin.call("DELETE", body=body, **query)
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (400, ["id"])
    assert _exists(entry)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 204), (Role.ANALYST, 403), (Role.COMPLIANCE_OFFICER, 403), (Role.VIEWER, 403)],
)
@pytest.mark.parametrize("way", ["query", "path"])
def test_only_an_administrator_may_delete(
    person: Callable[[Role], Person], entry: BlocklistEntry, way: str, role: Role, status: int
) -> None:
    someone = person(role)
    answer = (
        someone.call("DELETE", id=str(entry.id)) if way == "query" else someone.call("DELETE", f"{PATH}/{entry.id}")
    )
    assert answer.status_code == status
    assert _exists(entry) is (status == 403)


def test_a_strangers_entry_is_404_and_stays(stranger: Person, entry: BlocklistEntry) -> None:
    answers = [stranger.call("DELETE", id=str(entry.id)), stranger.call("DELETE", f"{PATH}/{entry.id}")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert _exists(entry)


def test_the_other_environments_entry_is_404_and_stays(admin: Person, entry: BlocklistEntry) -> None:
    assert admin.call("DELETE", id=str(entry.id), environment="production").status_code == 404
    assert _exists(entry)


def test_anonymous_callers_and_keys_are_401(organization: Organization, entry: BlocklistEntry) -> None:
    _, key = make_api_key(organization=organization)
    for credentials in ({}, bearer(key)):
        assert Client().delete(f"{PATH}/{entry.id}", **credentials).status_code == 401
    assert _exists(entry)
