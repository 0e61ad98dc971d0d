import gzip
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.test import Client

from accounts.types import Role
from blocklists.models import BlocklistEntry, ImportBatch, ImportChunk
from core.clock import read_clock
from jobs import tasks
from jobs.models import Job
from tests.blocklists.conftest import PATH, Person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
IMPORT = f"{PATH}/import"


def _send(person: Person, data: bytes | str, *, media: str = "text/plain", **query: str) -> Any:
    headers = {"Authorization": f"Bearer {person.token}"}
    content = data.encode() if isinstance(data, str) else data
    return Client().generic("POST", IMPORT, content, media, query_params=query, headers=headers)


def _import(person: Person, data: bytes | str, **query: str) -> str:
    answer = _send(person, data, **query)
    assert answer.status_code == 202
    tasks.run_jobs()
    return str(answer.json()["batch"])


def _see(person: Person, batch_id: str) -> Any:
    return person.call("GET", f"{IMPORT}/{batch_id}")


def test_a_list_becomes_a_job_and_then_entries(admin: Person) -> None:
    answer = _send(
        admin, "203.0.113.9\n198.51.100.0/24\nnobody\n", severity="flag", reason="FireHOL", flow_scope="both"
    )
    assert answer.status_code == 202
    body = answer.json()
    assert body["state"] == "running"
    assert body["limits"] == {"maximum_bytes": 200 * 1024 * 1024, "maximum_rows": 2_000_000}
    job = admin.call("GET", f"/api/v1/jobs/{body['job']}").json()
    assert (job["state"], job["total"], job["parameters"]["batch_id"]) == ("queued", 3, body["batch"])
    tasks.run_jobs()
    job = admin.call("GET", f"/api/v1/jobs/{body['job']}").json()
    assert (job["state"], job["result"]["added"], job["result"]["invalid"]) == ("done", 2, 1)
    rows = BlocklistEntry.unscoped.order_by("value").values_list("value", "severity", "reason", "flow_scope", "source")
    assert list(rows) == [
        ("198.51.100.0/24", "flag", "FireHOL", "both", "import"),
        ("203.0.113.9", "flag", "FireHOL", "both", "import"),
    ]


def test_what_was_refused_is_told_by_row_and_code_alone(admin: Person) -> None:
    batch = _import(admin, "a@b.mx\nnobody-secret\n")
    body = _see(admin, batch).json()
    assert body["counts"] == {
        "rows": 2,
        "valid": 1,
        "invalid": 1,
        "duplicate": 0,
        "existing": 0,
        "reactivated": 0,
        "added": 1,
    }
    assert [(error["row"], error["code"]) for error in body["errors"]] == [(2, "MISSING_LIST_TYPE")]
    assert "secret" not in json.dumps(body)
    assert (body["state"], body["mode"], body["created_by"]) == ("done", "valid_only", str(admin.member.user_id))


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("text/csv", "value,list_type\na@b.mx,email\n"),
        ("text/csv; charset=utf-8", "a@b.mx\n"),
        ("application/x-ndjson", '{"value": "a@b.mx", "list_type": "email"}\n'),
        ("text/plain", "a@b.mx"),
        ("application/gzip", gzip.compress(b"a@b.mx", mtime=0)),
    ],
)
def test_every_form_of_file_is_taken(admin: Person, media: str, data: str | bytes) -> None:
    assert _send(admin, data, media=media).status_code == 202
    tasks.run_jobs()
    assert list(BlocklistEntry.unscoped.values_list("list_type", "value")) == [("email", "a@b.mx")]


@pytest.mark.parametrize(
    ("data", "media", "query", "status", "detail"),
    [
        (gzip.compress(b"", mtime=0), "text/plain", {}, 400, "EMPTY"),
        (b"\x89PNG\x00\x00\x00\x00", "text/plain", {}, 415, "NOT_TEXT"),
        (b"\x1f\x8bbroken", "text/plain", {}, 400, "PACKED_BADLY"),
        (gzip.compress(b"0" * 30_000_000, mtime=0), "text/plain", {}, 413, "BOMB"),
        (b"{}", "application/json", {}, 415, None),
        (b"a@b.mx", "text/plain", {"mode": "some"}, 400, None),
        (b"a@b.mx", "text/plain", {"list_type": "fax"}, 400, None),
        (b"a@b.mx", "text/plain", {"expires_at": "tomorrow"}, 400, None),
        (b"a@b.mx", "text/plain", {"expires_at": "2020-01-01T00:00:00Z"}, 400, None),
        (b"a@b.mx", "text/plain", {"reason": "x" * 2001}, 400, None),
    ],
)
def test_what_cannot_be_imported_is_refused_and_leaves_nothing(
    admin: Person, data: bytes, media: str, query: dict[str, str], status: int, detail: str | None
) -> None:
    answer = _send(admin, data, media=media, **query)
    assert answer.status_code == status
    assert answer.json()["error"]["details"].get("reason") == detail
    assert not ImportBatch.unscoped.exists()
    assert not ImportChunk.unscoped.exists()
    assert not Job.unscoped.exists()


def test_too_many_bytes_or_rows_are_refused(admin: Person, settings: Any) -> None:
    settings.IMPORT_MAXIMUM_BYTES = 100
    assert _send(admin, "a@b.mx\n" * 20).json()["error"]["details"]["reason"] == "TOO_LARGE"
    assert _send(admin, gzip.compress(b"a@b.mx\n" * 20)).json()["error"]["details"]["reason"] == "TOO_LARGE"
    settings.IMPORT_MAXIMUM_BYTES, settings.IMPORT_MAXIMUM_ROWS = 1_000, 3
    answer = _send(admin, "a@b.mx\n" * 5)
    assert (answer.status_code, answer.json()["error"]["details"]["reason"]) == (413, "TOO_MANY_ROWS")
    assert not ImportBatch.unscoped.exists()


def test_no_transaction_waits_for_the_sender_of_a_body(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []
    read = WSGIRequest.read

    def spy(request: WSGIRequest, *size: int) -> bytes:
        waited.append(connection.in_atomic_block)
        return read(request, *size)

    monkeypatch.setattr(WSGIRequest, "read", spy)
    assert _send(admin, "a@b.mx\n" * 100_000).status_code == 202
    assert waited == [False] * 4


def test_an_import_is_undone_by_whoever_may_delete_or_imported_it_just_now(
    admin: Person, person: Any, organization: Any
) -> None:
    analyst, other = person(Role.ANALYST), person(Role.ANALYST)
    batch = _import(analyst, "a@b.mx\n")
    refused = other.call("POST", f"{IMPORT}/{batch}/undo")
    assert (refused.status_code, refused.json()["error"]["details"]) == (403, {"permission": "blocklists:delete"})
    accepted = analyst.call("POST", f"{IMPORT}/{batch}/undo")
    assert (accepted.status_code, accepted.json()["state"]) == (202, "undoing")
    again = analyst.call("POST", f"{IMPORT}/{batch}/undo")
    assert again.json()["job"] == accepted.json()["job"]
    tasks.run_jobs()
    body = _see(admin, batch).json()
    assert (body["state"], body["undo_counts"]) == ("undone", {"removed": 1, "restored": 0, "kept": 0})
    assert not BlocklistEntry.unscoped.exists()
    assert admin.call("POST", f"{IMPORT}/{batch}/undo").status_code == 409


def test_after_half_an_hour_it_takes_the_right_to_delete(admin: Person, person: Any) -> None:
    analyst = person(Role.ANALYST)
    batch = _import(analyst, "a@b.mx\n")
    ImportBatch.unscoped.update(applied_at=read_clock() - timedelta(minutes=31))
    assert analyst.call("POST", f"{IMPORT}/{batch}/undo").status_code == 403
    assert admin.call("POST", f"{IMPORT}/{batch}/undo").status_code == 202


def test_a_stranger_finds_no_import_and_imports_into_lists_of_their_own(admin: Person, stranger: Person) -> None:
    batch = _import(admin, "a@b.mx\n")
    assert _see(stranger, batch).status_code == 404
    assert stranger.call("POST", f"{IMPORT}/{batch}/undo").status_code == 404
    assert admin.call("GET", f"{IMPORT}/{batch}", environment="production").status_code == 404
    assert admin.call("GET", f"{IMPORT}/{uuid.uuid4()}").status_code == 404
    _import(stranger, "a@b.mx\n")
    owners = BlocklistEntry.unscoped.values_list("organization_id", flat=True)
    assert set(owners) == {admin.member.organization_id, stranger.member.organization_id}


def test_a_viewer_imports_nothing(organization: Any) -> None:
    assert _send(sign_in(organization, Role.VIEWER), "a@b.mx").status_code == 403
    assert not ImportBatch.unscoped.exists()
