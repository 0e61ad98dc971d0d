from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.types import Role
from jobs.models import Job
from tests.factories.accounts import bearer, make_member, make_organization, session_token
from tests.factories.jobs import COUNTING, make_job

pytestmark = pytest.mark.django_db


def _call(method: str, path: str, organization: Organization, role: Role = Role.ADMIN) -> Any:
    headers: dict[str, Any] = bearer(session_token(make_member(organization=organization, role=role)))
    return getattr(Client(), method)(path, **headers)


def test_a_job_is_shown_as_far_as_it_has_come(organization: Organization) -> None:
    row = make_job(organization=organization, done_count=3, parameters={"mode": "all"})
    answer = _call("get", f"/api/v1/jobs/{row.id}", organization)
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("created_at").endswith("Z")
    assert body == {
        "id": str(row.id),
        "kind": COUNTING,
        "state": "queued",
        "done": 3,
        "total": 7,
        "seconds_left": None,
        "parameters": {"mode": "all"},
        "result": {},
        "error_code": None,
        "requested_by": str(row.requested_by),
        "started_at": None,
        "finished_at": None,
        "cancel_requested_at": None,
    }


def test_a_job_is_given_up(organization: Organization) -> None:
    row = make_job(organization=organization)
    answer = _call("post", f"/api/v1/jobs/{row.id}/cancel", organization)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("post", "/cancel")])
def test_strangers_and_those_without_the_kinds_permission_are_refused(
    organization: Organization, method: str, end: str
) -> None:
    row = make_job(organization=organization)
    path = f"/api/v1/jobs/{row.id}{end}"
    assert _call(method, path, make_organization()).status_code == 404
    assert _call(method, f"{path}?environment=production", organization).status_code == 404
    refused = _call(method, path, organization, Role.VIEWER)
    assert refused.status_code == 403
    assert refused.json()["error"]["details"] == {"permission": "blocklists:add"}
    assert Job.unscoped.get().state == "queued"


def test_a_job_of_a_kind_that_is_no_more_is_not_found(organization: Organization) -> None:
    row = make_job(organization=organization, kind="tests.former")
    assert _call("get", f"/api/v1/jobs/{row.id}", organization).status_code == 404
