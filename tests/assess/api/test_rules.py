"""`/api/v1/rules`: written, refused with the fault's place, brought to shadow and to life."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.types import Role
from assess.models import PolicyDraft, Rule
from tests.assess.conftest import Caller
from tests.factories.accounts import bearer, make_member, make_organization, session_token

pytestmark = pytest.mark.django_db

RULES = "/api/v1/rules"
NEW = {"name": "Importe alto", "flow": "payout", "condition": "payment.amount>100", "action": "block"}


def call(bank: Caller, method: str, path: str = "", body: Any = None, role: Role = Role.ADMIN) -> Any:
    client = getattr(Client(), method)
    data = None if body is None else json.dumps(body)
    return client(f"{RULES}{path}", data=data, content_type="application/json", **bearer(bank.token(role)))


def test_a_rule_lives_and_is_obeyed(bank: Caller) -> None:
    made = call(bank, "post", body=NEW).json()
    assert (made["state"], made["condition"], made["revision"], made["published_revision"]) == (
        "draft",
        "payment.amount > 100",
        1,
        None,
    )
    staged = call(bank, "post", f"/{made['id']}/stage", {"stage": "active", "reason": "fraude", "revision": 1}).json()
    assert (staged["state"], staged["version"], staged["payments"]) == ("published", 2, 0)
    assert bank.payout()["blocked_by"] == f"rule:{made['code']}"
    found = call(bank, "get", f"/{made['id']}").json()
    assert (found["state"], found["published_revision"], found["hits_24h"], found["hits_30d"]) == ("active", 1, 1, 1)
    assert [rule["id"] for rule in call(bank, "get").json()["data"]] == [made["id"]]
    assert call(bank, "delete", f"/{made['id']}").status_code == 409
    assert Rule.unscoped.count() == 1


def test_the_list_is_paged_and_begins_with_what_is_in_force(bank: Caller) -> None:
    made = [call(bank, "post", body=NEW | {"name": f"Regla {n}"}).json() for n in range(3)]
    for rule, stage in ((made[2], "shadow"), (made[1], "active"), (made[0], "active"), (made[0], "retired")):
        call(bank, "post", f"/{rule['id']}/stage", {"stage": stage, "reason": "fraude", "revision": 1})
    call(bank, "post", body=NEW | {"name": "Borrador"})
    pages = [call(bank, "get", f"?limit=2&offset={offset}").json() for offset in (0, 2)]
    names = [[rule["name"] for rule in page["data"]] for page in pages]
    assert names == [["Regla 2", "Regla 1"], ["Borrador", "Regla 0"]]
    assert [(page["total"], page["limit"], page["offset"]) for page in pages] == [(4, 2, 0), (4, 2, 2)]
    assert call(bank, "get", "?limit=501").status_code == 400


def test_a_faulty_condition_is_refused_with_its_place(bank: Caller) -> None:
    response = call(bank, "post", body=NEW | {"condition": "payment.amount > 1 &&\n nada.x == 1"})
    details = response.json()["error"]["details"]
    assert response.status_code == 400
    assert (details["line"], details["column"], details["at"], details["fault"]) == (2, 2, 23, "field")
    assert list(details["fields"]) == ["condition"]
    assert not Rule.unscoped.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        NEW | {"action": "explode"},
        NEW | {"weight": "much"},
        NEW | {"unknown": 1},
        NEW | {"condition": "x" * 2001},
        NEW | {"condition": "[1].all(i, [1].all(j, i > j))"},
    ],
)
def test_a_wrong_body_writes_nothing(bank: Caller, body: Any) -> None:
    assert call(bank, "post", body=body).status_code == 400
    assert not Rule.unscoped.exists()


def test_a_stale_change_is_409_with_both(bank: Caller) -> None:
    made = call(bank, "post", body=NEW).json()
    assert call(bank, "patch", f"/{made['id']}", NEW | {"name": "Uno", "revision": 1}).json()["revision"] == 2
    response = call(bank, "patch", f"/{made['id']}", NEW | {"name": "Dos", "revision": 1})
    assert response.status_code == 409
    assert response.json()["error"]["details"]["fields"] == {"name": {"theirs": "Uno", "yours": "Dos"}}
    assert Rule.unscoped.get().name == "Uno"


def test_an_analysts_stage_waits_for_an_admin(bank: Caller) -> None:
    made = call(bank, "post", body=NEW, role=Role.ANALYST).json()
    body = {"stage": "active", "reason": "propongo", "revision": 1}
    staged = call(bank, "post", f"/{made['id']}/stage", body, role=Role.ANALYST).json()
    assert (staged["state"], staged["version"]) == ("proposed", None)
    assert bank.payout()["blocked_by"] is None


def test_a_rule_that_was_rewritten_after_it_was_read_is_not_brought_anywhere(bank: Caller) -> None:
    made = call(bank, "post", body=NEW).json()
    call(bank, "patch", f"/{made['id']}", NEW | {"condition": "payment.amount > 1", "revision": 1})
    body = {"stage": "active", "reason": "lo que leí"}
    assert call(bank, "post", f"/{made['id']}/stage", body).status_code == 400
    stale = call(bank, "post", f"/{made['id']}/stage", body | {"revision": 1})
    assert (stale.status_code, stale.json()["error"]["details"]) == (409, {"revision": 2})
    assert (Rule.unscoped.get().state, PolicyDraft.unscoped.count()) == ("draft", 0)
    assert call(bank, "post", f"/{made['id']}/stage", body | {"revision": 2}).json()["state"] == "published"


def test_another_organization_finds_nothing(bank: Caller) -> None:
    made = call(bank, "post", body=NEW).json()
    stranger = bearer(session_token(make_member(organization=make_organization())))
    assert Client().get(f"{RULES}/{made['id']}", **stranger).status_code == 404
    assert Client().get(RULES, **stranger).json() == {"data": [], "total": 0, "limit": 50, "offset": 0}
    sent: dict[str, Any] = {
        "data": json.dumps({"stage": "active", "reason": "x", "revision": 1}),
        "content_type": "application/json",
    }
    assert Client().post(f"{RULES}/{made['id']}/stage", **sent | stranger).status_code == 404
    assert Rule.unscoped.get().state == "draft"
