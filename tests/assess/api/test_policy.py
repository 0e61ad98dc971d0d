"""`/api/v1/policy`."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from assess.models import AssessmentPolicy, PolicyDraft
from assess.policy import decode_policy, encode_policy
from events.models import Event
from tests.factories.accounts import bearer, make_api_key, make_member, make_organization, session_token
from tests.factories.policies import current_policy, make_draft, publish_change
from tests.mail.inbox import list_queued

pytestmark = pytest.mark.django_db

PATH = "/api/v1/policy"


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank)


def call(
    member: Membership, method: str, path: str = "", body: dict[str, Any] | None = None, *, status: int = 200
) -> Any:
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(Client(), method)(f"{PATH}{path}", **given, **bearer(session_token(member)))
    assert answer.status_code == status, answer.content
    return answer.json()


def stored() -> list[Any]:
    return [*PolicyDraft.unscoped.order_by("id").values(), *AssessmentPolicy.unscoped.order_by("id").values()]


def with_review(document: dict[str, Any], review: object) -> dict[str, Any]:
    payout = document["payout"]
    return document | {"payout": payout | {"bands": payout["bands"] | {"review": review}}}


def test_the_policy_in_force_is_complete(admin: Membership) -> None:
    found = call(admin, "get")
    assert (found["version"], found["reason"], found["published_by"]) == (1, "default", None)
    assert found["document"]["payout"]["bands"] == {"review": 30, "challenge": 50, "decline": 80}
    assert decode_policy(found["document"], version=1) == current_policy(admin)


def test_versions_are_listed_and_say_what_they_changed(admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    listed = call(admin, "get", "/versions?limit=1")
    assert (listed["total"], [row["version"] for row in listed["data"]]) == (2, [2])
    found = call(admin, "get", "/versions/2")
    assert found["changes"] == [{"path": "payout.bands.review", "before": 30, "after": 20}]
    assert (found["published_by"], found["reason"]) == (str(admin.user_id), "prueba")
    assert call(admin, "get", "/versions/1")["changes"] == []
    call(admin, "get", "/versions/3", status=404)


def test_a_draft_goes_its_way_to_the_next_payment(bank: Organization, admin: Membership) -> None:
    draft = call(admin, "post", "/drafts", {"title": "Tope"}, status=201)
    assert (draft["state"], draft["base_version"], draft["changes"], draft["revision"]) == ("draft", 1, [], 0)
    document = draft["document"]
    document["payout"]["parameters"]["amount_limit"] = {"maximum_minor": {"MXN": 100}}
    changed = call(admin, "patch", f"/drafts/{draft['id']}", {"document": document, "revision": 0})
    assert [change["path"] for change in changed["changes"]] == ["payout.parameters.amount_limit.maximum_minor"]
    assert changed["impact"] == {"payments": 0, "changed": 0, "percent": 0.0, "moves": []}
    done = call(admin, "post", f"/drafts/{draft['id']}/propose", {"reason": "comité", "revision": 1})
    assert (done["state"], done["published_version"]) == ("published", 2)
    answer = Client().post(
        "/api/v1/assess/payout",
        {"amount": 1_000, "currency": "MXN", "beneficiary": {"country": "MX"}},
        content_type="application/json",
        **bearer(make_api_key(organization=bank)[1]),
    )
    assert answer.json()["blocked_by"] == "amount_limit"


def test_a_great_change_waits_and_the_other_admins_are_told(bank: Organization, admin: Membership) -> None:
    key = bearer(make_api_key(organization=bank)[1])
    sent = {"amount": 1_000, "currency": "MXN", "beneficiary": {"country": "MX"}}
    Client().post("/api/v1/assess/payout", sent, content_type="application/json", **key)
    other = make_member(organization=bank)
    make_member(organization=bank, role=Role.ANALYST)
    make_member(organization=make_organization())
    draft = make_draft(admin, payout={"parameters": {"amount_limit": {"maximum_minor": {"MXN": 1}}}})
    found = call(admin, "post", f"/drafts/{draft.id}/propose", {"reason": "tope secreto", "revision": 0})
    assert (found["state"], found["impact"]["changed"], found["impact"]["percent"]) == ("proposed", 1, 100.0)
    assert found["impact"]["moves"] == [{"before": "approve", "after": "decline", "payments": 1}]
    (mail,) = list_queued()
    assert mail.recipient == other.user.email
    assert f"/dashboard/protection/policy/drafts/{draft.id}" in mail.text
    assert "1 de 1 pagos recientes" in mail.text
    assert "tope secreto" not in mail.text + mail.html
    before = stored()
    call(admin, "post", f"/drafts/{draft.id}/approve", {"revision": found["revision"]}, status=403)
    call(other, "post", f"/drafts/{draft.id}/approve", {"revision": 0}, status=409)
    assert stored() == before
    done = call(other, "post", f"/drafts/{draft.id}/approve", {"revision": found["revision"]})
    assert (done["state"], done["approved_by"]) == ("published", str(other.user_id))


def test_a_proposal_is_taken_back_and_put_away(bank: Organization, admin: Membership) -> None:
    analyst = make_member(organization=bank, role=Role.ANALYST)
    draft = make_draft(analyst, payout={"bands": {"review": 20}})
    call(analyst, "post", f"/drafts/{draft.id}/propose", {"reason": "x", "revision": 0})
    assert [row["state"] for row in call(admin, "get", "/drafts")["data"]] == ["proposed"]
    assert call(analyst, "post", f"/drafts/{draft.id}/take-back")["state"] == "draft"
    assert call(analyst, "post", f"/drafts/{draft.id}/discard")["state"] == "discarded"
    assert call(admin, "get", "/drafts")["data"] == []
    assert call(admin, "get", f"/drafts/{draft.id}")["state"] == "discarded"


def test_a_draft_that_was_overtaken_is_put_on_the_version_in_force(admin: Membership) -> None:
    draft = make_draft(admin, payout={"bands": {"review": 20}})
    publish_change(admin, "payout", "bands", review=25)
    before = stored()
    call(admin, "post", f"/drafts/{draft.id}/propose", {"reason": "x", "revision": 0}, status=409)
    refused = call(admin, "post", f"/drafts/{draft.id}/rebase", {"revision": 0}, status=409)
    assert refused["error"]["details"] == {"conflicts": ["payout.bands.review"]}
    assert stored() == before
    done = call(admin, "post", f"/drafts/{draft.id}/rebase", {"revision": 0, "keeps_own": True})
    assert (done["base_version"], done["changes"]) == (
        2,
        [{"path": "payout.bands.review", "before": 25, "after": 20}],
    )


@pytest.mark.parametrize(
    ("review", "field"),
    [(0, "payout.bands"), ("x", "payout.bands.review"), (51, "payout.bands"), (1.5, "payout.bands.review")],
)
def test_a_document_that_is_no_policy_is_refused_with_its_path(admin: Membership, review: object, field: str) -> None:
    document = with_review(encode_policy(current_policy(admin)), review)
    draft = make_draft(admin)
    before = stored()
    refused = call(admin, "patch", f"/drafts/{draft.id}", {"document": document, "revision": 0}, status=400)
    assert list(refused["error"]["details"]["fields"]) == [field]
    call(admin, "post", "/drafts", {"title": "x", "document": document}, status=400)
    assert stored() == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "x" * 121},
        {"title": "a\u0000b"},
        {"title": "x", "base_version": 9},
        {"title": "x", "base_version": 0},
        {"title": "x", "document": []},
        {"title": "x", "document": {}},
        {"title": "x", "nothing": 1},
    ],
)
def test_a_draft_that_cannot_be_is_refused(admin: Membership, body: dict[str, Any]) -> None:
    current_policy(admin)
    before = stored()
    call(admin, "post", "/drafts", body, status=400)
    assert stored() == before


def test_settings_are_read_and_set(admin: Membership) -> None:
    assert call(admin, "get", "/settings") == {
        "second_person_percent": 5,
        "are_analysts_heard": True,
        "revision": 0,
    }
    sent = {"second_person_percent": None, "are_analysts_heard": False, "revision": 0}
    assert call(admin, "patch", "/settings", sent) == sent | {"revision": 1}
    call(admin, "patch", "/settings", sent | {"second_person_percent": 10}, status=409)
    call(admin, "patch", "/settings", sent | {"second_person_percent": 101, "revision": 1}, status=400)
    assert call(admin, "get", "/settings")["second_person_percent"] is None


def test_a_stranger_finds_neither_drafts_nor_versions(admin: Membership) -> None:
    publish_change(admin, "payout", "bands", review=20)
    draft = make_draft(admin, payout={"bands": {"review": 15}})
    stranger = make_member(organization=make_organization())
    before, events = stored(), Event.unscoped.count()
    call(stranger, "get", "/versions/2", status=404)
    document = encode_policy(current_policy(admin))
    for method, path, body in (
        ("get", "", None),
        ("patch", "", {"document": document, "revision": 0}),
        ("post", "/propose", {"reason": "x", "revision": 0}),
        ("post", "/approve", {"revision": 0}),
        ("post", "/take-back", None),
        ("post", "/discard", None),
        ("post", "/rebase", {"revision": 0}),
    ):
        call(stranger, method, f"/drafts/{draft.id}{path}", body, status=404)
    assert call(stranger, "get", "/drafts")["data"] == []
    assert (stored(), Event.unscoped.count()) == (before, events)


def test_an_unknown_draft_is_not_found(admin: Membership) -> None:
    call(admin, "get", f"/drafts/{uuid.uuid4()}", status=404)
