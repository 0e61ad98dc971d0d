"""X-Request-Id, and the one line that is logged of each request."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from core.api.request_id import RequestIdMiddleware
from core.caller import NOBODY, Caller, current_caller

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

ANYWHERE = "/api/v1/keys"


@pytest.mark.parametrize("given", ["a1b2c3d4", "A-b_9" * 4, "x" * 64])
def test_an_id_of_the_accepted_form_is_kept(client: Client, given: str) -> None:
    assert client.get(ANYWHERE, HTTP_X_REQUEST_ID=given)["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "has space", "semi;colon", "ñandúñandú", "a1b2c3d4\n", "a.b.c.d.e"]
)
def test_an_id_of_any_other_form_is_replaced(client: Client, given: str) -> None:
    answered = client.get(ANYWHERE, HTTP_X_REQUEST_ID=given)["X-Request-Id"]
    assert answered != given
    assert len(answered) == 32
    assert int(answered, 16)


def test_each_request_without_an_id_gets_one_of_its_own(client: Client) -> None:
    assert client.get(ANYWHERE)["X-Request-Id"] != client.get(ANYWHERE)["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/keys", 401),
        ("GET", "/api/v1/no-such-thing", 404),
        ("PUT", "/api/v1/keys", 405),
        ("GET", "/no-such-page", 404),
    ],
)
def test_every_answer_has_one(client: Client, method: str, path: str, status: int) -> None:
    response = client.generic(method, path, HTTP_X_REQUEST_ID="trace-0001")
    assert (response.status_code, response["X-Request-Id"]) == (status, "trace-0001")


def test_a_request_is_one_line_with_its_route_and_nothing_that_the_client_wrote(client: Client) -> None:
    path = "/api/v1/keys/0189b1f4-0000-7000-8000-000000000000?search=ana@banco.example"
    with capture_logs(processors=[merge_contextvars]) as lines:
        client.get(path, HTTP_X_REQUEST_ID="trace-0001", HTTP_USER_AGENT="agent-x")
    assert lines == [
        {
            "event": "request",
            "log_level": "info",
            "request_id": "trace-0001",
            "method": "GET",
            "route": "api/v1/keys/<uuid:key_id>",
            "status": 401,
            "ms": lines[0]["ms"],
        }
    ]


def test_what_a_request_calls_knows_the_caller_until_it_ends(client: Client) -> None:
    seen: list[Caller] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(current_caller.get())
        return HttpResponse()

    request = RequestFactory().get(ANYWHERE, headers={"X-Request-Id": "trace-0001"}, REMOTE_ADDR="203.0.113.9")
    RequestIdMiddleware(answer)(request)
    RequestIdMiddleware(answer)(RequestFactory().get(ANYWHERE, headers={"X-Request-Id": "trace-0002"}, REMOTE_ADDR=""))
    assert seen == [Caller("203.0.113.9", "trace-0001"), Caller(None, "trace-0002")]
    assert current_caller.get() == NOBODY
