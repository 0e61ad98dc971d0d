"""`/api/v1/feeds` as a client sees it."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.types import Module, Role
from feeds.models import Feed
from tests.factories.accounts import bearer, make_member, session_token
from tests.feeds.factories import URL, fill, kinds_of, make_feed

PATH = "/api/v1/feeds"
NEW = {"kind": "ip_threat", "title": "FireHOL level 1", "url": URL, "schedule_hours": 24, "stale_after_days": 7}


def call(organization: Organization, method: str, path: str = PATH, body: Any = None, role: Role = Role.ADMIN) -> Any:
    token = session_token(make_member(organization=organization, role=role))
    data = "" if body is None else json.dumps(body)
    return Client().generic(method, path, data, "application/json", **bearer(token))


def test_clausums_lists_are_there_for_everybody_with_source_and_day(bank: Organization) -> None:
    data = call(bank, "GET", role=Role.VIEWER).json()["data"]
    assert [feed["code"] for feed in data][-3:] == ["disposable_domains", "suspicious_tlds", "generic_initiators"]
    fatf = next(feed for feed in data if feed["code"] == "fatf_increased_monitoring")
    told = ("kind", "source", "as_of", "entries", "is_builtin", "is_active", "state", "version", "hits_30d")
    assert {name: fatf[name] for name in told} == {
        "kind": "risk_country",
        "source": "FATF June 2026",
        "as_of": "2026-06-19",
        "entries": 22,
        "is_builtin": True,
        "is_active": True,
        "state": fatf["state"],
        "version": None,
        "hits_30d": 0,
    }


def test_a_list_is_added_turned_off_and_on_and_fetched(bank: Organization) -> None:
    added = call(bank, "POST", body=NEW)
    assert added.status_code == 201
    assert (added.json()["code"], added.json()["state"], added.json()["version"]) == (
        "firehol-level-1",
        "waiting",
        None,
    )
    path = f"{PATH}/firehol-level-1"
    assert call(bank, "PATCH", path, {"is_active": False}).json()["is_active"] is False
    assert call(bank, "POST", f"{path}/refresh").status_code == 409
    assert call(bank, "PATCH", path, {"is_active": True}).json()["is_active"] is True
    assert call(bank, "POST", f"{path}/refresh").status_code == 202
    assert kinds_of(bank)[:3] == ["feed.added", "feed.unsubscribed", "feed.subscribed"]


def test_the_same_list_twice_is_409_with_the_code_of_the_one_that_is_there(bank: Organization) -> None:
    call(bank, "POST", body=NEW)
    again = call(bank, "POST", body=NEW)
    assert (again.status_code, again.json()["error"]["details"]) == (409, {"code": "firehol-level-1"})
    assert Feed.unscoped.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "email"}, "kind"),
        ({"title": ""}, "title"),
        ({"url": "http://lists.example.com/a"}, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "url"),
        ({"schedule_hours": 0}, "schedule_hours"),
    ],
)
def test_a_bad_list_is_400_that_names_the_field_and_leaves_nothing(
    bank: Organization, change: dict[str, Any], field: str
) -> None:
    refused = call(bank, "POST", body=NEW | change)
    assert (refused.status_code, list(refused.json()["error"]["details"]["fields"])) == (400, [field])
    assert Feed.unscoped.count() == 0


def test_a_threat_list_without_its_module_is_403_with_the_module(bank: Organization) -> None:
    bank.modules = [Module.PREVENTION.value]
    bank.save()
    refused = call(bank, "POST", body=NEW)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert refused.json()["error"]["details"] == {"module": "CLM-ADD-INTEL"}
    assert call(bank, "POST", body=NEW | {"kind": "risk_country"}).status_code == 201


def test_a_stranger_finds_nothing(bank: Organization, stranger: Organization) -> None:
    fill(make_feed(bank, url=URL), "203.0.113.7")
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"is_active": False}),
        ("POST", "/refresh", None),
    ):
        assert call(stranger, method, f"{PATH}/lista-de-prueba{path}", body).status_code == 404
    assert "lista-de-prueba" not in call(stranger, "GET").content.decode()
    assert Feed.unscoped.get().is_active


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMPLIANCE_OFFICER, Role.VIEWER])
def test_only_an_administrator_changes_anything(bank: Organization, role: Role) -> None:
    assert call(bank, "POST", body=NEW, role=role).status_code == 403
    assert call(bank, "PATCH", f"{PATH}/suspicious_tlds", {"is_active": False}, role).status_code == 403
    assert kinds_of(bank) == []
