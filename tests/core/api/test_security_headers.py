"""Headers that every answer wears, whatever became of the request."""

import pytest
from django.test import Client

LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/health", 200), ("/api/v1/nothing", 404), ("/api/v1/keys", 401), ("/api/v1/assess", 200)],
)
def test_every_answer_is_locked(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Security-Policy"] == LOCKED
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "X-Request-Id" in response


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/styleguide", 200)])
def test_a_page_takes_everything_from_here_and_is_kept_nowhere(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Security-Policy"] == PAGE
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]
    assert "X-Request-Id" in response


def test_a_refused_host_gets_the_same_headers(client: Client) -> None:
    response = client.get("/api/v1/health", HTTP_HOST="elsewhere.example")
    assert response.status_code == 400
    assert response["Content-Security-Policy"] == LOCKED
    assert response.json()["error"]["code"] == "VALIDATION_ERROR"


def test_an_api_answer_that_says_nothing_of_it_is_not_stored(client: Client) -> None:
    assert client.get("/api/v1/keys")["Cache-Control"] == "no-store"
    assert client.get("/api/v1/assess")["Cache-Control"] == "public, max-age=300"


def test_the_docs_page_alone_may_load_scripts(client: Client) -> None:
    response = client.get("/api/docs")
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
