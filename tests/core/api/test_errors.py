"""The envelope of every error under /api/ (contract §6)."""

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import Http404
from django.test import Client
from rest_framework.exceptions import MethodNotAllowed as FrameworkMethodNotAllowed
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from core.api.errors import render_error, translate
from core.errors import Duplicate, ValidationFailed
from tests.factories.accounts import bearer, make_api_key, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


def _error(response: Any) -> Any:
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["code", "details", "message"]
    assert body["error"]["message"]
    return body["error"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/keys/", "/api/v1/keys/%00", "/api/v2/assess"])
def test_an_unknown_route_is_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, _error(response)["code"]) == (404, "NOT_FOUND")


def test_a_method_that_is_not_served_is_405_and_says_which_are(client: Client) -> None:
    response = client.delete("/api/v1/keys")
    assert (response.status_code, _error(response)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_method_that_nobody_knows_is_405(client: Client) -> None:
    response = client.generic("BREW", "/api/v1/keys")
    assert (response.status_code, _error(response)["code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{" + b" " * 65_536 + b"}", "application/json", 413, "PAYLOAD_TOO_LARGE"),
        (b"x" * 400_000, "application/json", 413, "PAYLOAD_TOO_LARGE"),
        (b"{" + b" " * 65_536 + b"}", "text/plain", 413, "PAYLOAD_TOO_LARGE"),
        (b"{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", "application/json; charset=latin-1", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"", "application/json", 400, "VALIDATION_ERROR"),
        (b"[]", "application/json", 400, "VALIDATION_ERROR"),
        (b"{", "application/json", 400, "VALIDATION_ERROR"),
        (b'{"a":1,"a":2}', "application/json", 400, "VALIDATION_ERROR"),
        (b'{"a":NaN}', "application/json", 400, "VALIDATION_ERROR"),
        (b"\xff", "application/json", 400, "VALIDATION_ERROR"),
    ],
)
def test_a_body_that_cannot_be_read(client: Client, body: bytes, content_type: str, status: int, code: str) -> None:
    _, full = make_api_key(organization=make_organization())
    sent = bearer(full) | {"CONTENT_TYPE": content_type}
    response = client.generic("POST", "/api/v1/back-door", body, content_type=content_type, **sent)
    assert (response.status_code, _error(response)["code"]) == (status, code)


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", 'application/json; charset="UTF-8"']
)
def test_json_in_utf_8_is_read(client: Client, content_type: str) -> None:
    _, full = make_api_key(organization=make_organization())
    response = client.generic("POST", "/api/v1/back-door", b"{}", content_type=content_type, **bearer(full))
    assert list(_error(response)["details"]["fields"]) == ["amount"]


def test_what_breaks_is_500_and_logged_without_its_words(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _, full = make_api_key(organization=make_organization())
    with capture_logs(processors=[merge_contextvars]) as lines:
        response = client.post("/api/v1/broken-door", HTTP_X_REQUEST_ID="trace-0001", **bearer(full))
    assert (response.status_code, _error(response)["code"]) == (500, "INTERNAL_ERROR")
    failure = lines[0]
    assert (failure["event"], failure["kind"], failure["request_id"]) == ("failed", "RuntimeError", "trace-0001")
    assert "012180001234567899" not in repr(lines) + caplog.text + response.content.decode()


def test_a_host_that_is_not_ours_is_400(client: Client) -> None:
    response = client.get("/api/v1/keys", HTTP_HOST="evil.example")
    assert (response.status_code, _error(response)["code"]) == (400, "VALIDATION_ERROR")


def test_errors_outside_the_api_are_bare_for_whoever_takes_no_html(client: Client) -> None:
    response = client.get("/no-such-page", HTTP_ACCEPT="application/json")
    assert (response.status_code, response.content, response["Content-Type"]) == (404, b"", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (Http404("x"), 404, "NOT_FOUND"),
        (RequestDataTooBig("x"), 413, "PAYLOAD_TOO_LARGE"),
        (FrameworkMethodNotAllowed("GET"), 405, "METHOD_NOT_ALLOWED"),
        (OperationalError("server closed the connection"), 503, "SERVICE_UNAVAILABLE"),
        (InterfaceError("connection already closed"), 503, "SERVICE_UNAVAILABLE"),
        (ProgrammingError("no such column"), 500, "INTERNAL_ERROR"),
        (KeyError("email"), 500, "INTERNAL_ERROR"),
    ],
)
def test_whatever_is_raised_becomes_an_error_of_the_contract(raised: Exception, status: int, code: str) -> None:
    error = translate(raised)
    assert (error.status, error.code, error.details) == (status, code, {})


def test_503_says_when_to_come_back() -> None:
    assert render_error(translate(OperationalError()))["Retry-After"] == "1"


def test_our_own_errors_pass_as_they_are() -> None:
    error = Duplicate(details={"reason": "x"}, headers={"Retry-After": "5"})
    assert translate(error) is error
    response = render_error(error)
    assert (response.status_code, response["Retry-After"]) == (409, "5")


def test_a_wrong_field_is_named() -> None:
    error = ValidationFailed.of_field("amount", "must be positive")
    assert (error.status, error.code) == (400, "VALIDATION_ERROR")
    assert error.details == {"fields": {"amount": ["must be positive"]}}
