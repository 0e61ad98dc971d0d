"""The 503 that a process writes without the application."""

import json
import re

import pytest

from clausum.runner.refusals import asks_for_health, make_refusal, read_path


@pytest.mark.parametrize(
    ("head", "path"),
    [
        (b"POST /api/v1/assess/payout?api_key=k HTTP/1.1\r\n", b"/api/v1/assess/payout"),
        (b"GET http://bank.example/api/v1/health HTTP/1.1\r\n", b"/api/v1/health"),
        (b"PO", b""),
        (b"\x16\x03\x01", b""),
        (b"", b""),
    ],
)
def test_the_path_is_read_from_what_has_arrived(head: bytes, path: bytes) -> None:
    assert read_path(head) == path


@pytest.mark.parametrize(
    ("path", "is_probe"),
    [
        (b"/api/v1/health", True),
        (b"/api/v1/health/ready", True),
        (b"/api/v1/healthy", False),
        (b"/api/v1/assess", False),
    ],
)
def test_only_probes_are_probes(path: bytes, is_probe: bool) -> None:
    assert asks_for_health(b"GET " + path + b" HTTP/1.1\r\n") is is_probe


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/api/v1/assess", "ASSESS_OVERLOADED"),
        ("/api/v1/assess/payout?x=1", "ASSESS_OVERLOADED"),
        ("/api/v1/assessor", "SERVICE_UNAVAILABLE"),
        ("/api/v1/blocklists", "SERVICE_UNAVAILABLE"),
    ],
)
def test_the_envelope_says_which_service_is_overloaded(target: str, code: str) -> None:
    head, _, body = make_refusal(f"POST {target} HTTP/1.1\r\n".encode()).decode().partition("\r\n\r\n")
    error = json.loads(body)["error"]
    assert (error["code"], error["details"]) == (code, {})
    lines = head.split("\r\n")
    assert lines[0] == "HTTP/1.1 503 Service Unavailable"
    assert {"Connection: close", "Content-Type: application/json", "Retry-After: 1"} <= set(lines)
    assert f"Content-Length: {len(body)}" in lines


def test_a_page_gets_a_bare_answer_and_head_no_body() -> None:
    assert b"Content-Type: text/plain" in make_refusal(b"GET /styleguide HTTP/1.1\r\n")
    answer = make_refusal(b"HEAD /api/v1/assess HTTP/1.1\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 0" not in answer


@pytest.mark.parametrize(
    ("given", "is_kept"), [("core-00000001", True), ("x", False), ("a b c d e f", False), ("<script>", False)]
)
def test_the_clients_request_id_is_kept_when_it_is_one(given: str, is_kept: bool) -> None:
    answer = make_refusal(f"POST /api/v1/assess HTTP/1.1\r\nX-Request-ID: {given}\r\nHost: h\r\n\r\n".encode()).decode()
    found = re.search(r"X-Request-Id: ([A-Za-z0-9_-]{8,64})\r\n", answer)
    assert found is not None
    assert (found[1] == given) is is_kept
