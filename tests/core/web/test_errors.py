"""Errors as pages: what a person reads, and that nothing of the request or of the failure is in it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from structlog.testing import capture_logs

from clausum.urls import handler400, handler403, handler404, handler500
from core.web.errors import bad_request, permission_denied, render_error_page, server_error
from core.web.preferences import COOKIE
from core.web.views import PageView

__all__ = ["handler400", "handler403", "handler404", "handler500"]

SECRET = "clabe 646180115000009034"
HEADINGS = {
    400: ("La solicitud no es válida", "The request is not valid"),
    403: ("No tiene acceso", "You have no access"),
    404: ("Esta página no existe", "This page does not exist"),
    500: ("Algo falló de nuestro lado", "Something failed on our side"),
    503: ("En mantenimiento", "Under maintenance"),
}


class FailingView(PageView):
    """Fails as asked."""

    permission = "public"

    def get(self, request: HttpRequest, how: str) -> HttpResponse:
        raise {"denied": PermissionDenied, "down": OperationalError, "broken": RuntimeError}[how](SECRET)


urlpatterns = [path("fails/<str:how>", FailingView.as_view())]


@pytest.mark.parametrize("status", HEADINGS)
@pytest.mark.parametrize(("place", "language", "tag"), [(0, "es-mx", "es-MX"), (1, "en", "en")])
def test_each_error_has_its_page_in_both_languages(status: int, place: int, language: str, tag: str) -> None:
    request = RequestFactory().get("/x", HTTP_COOKIE=f"{COOKIE}=dark.compact.normal.{language}")
    response = render_error_page(request, status)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{HEADINGS[status][place]}</h1>" in page
    assert f'<html lang="{tag}" data-theme="dark" data-density="compact" data-contrast="normal" ' in page
    assert response["Content-Language"] == tag


def test_the_request_id_is_the_folio(client: Client) -> None:
    response = client.get("/nothing?q=<script>", HTTP_X_REQUEST_ID="trace-0001")
    page = response.content.decode()
    assert response.status_code == 404
    assert "<code>trace-0001</code>" in page
    assert "nothing" not in page
    assert "<script>" not in page


@pytest.mark.urls("tests.core.web.test_errors")
@pytest.mark.parametrize(("how", "status"), [("denied", 403), ("down", 503), ("broken", 500)])
def test_a_failure_becomes_its_page_without_its_words(client: Client, how: str, status: int) -> None:
    client.raise_request_exception = False
    response = client.get(f"/fails/{how}")
    assert response.status_code == status
    assert f"<h1>{HEADINGS[status][0]}</h1>" in response.content.decode()
    assert SECRET not in response.content.decode()
    assert response.get("Retry-After") == ("1" if how == "down" else None)


@pytest.mark.parametrize("handler", [bad_request, permission_denied])
def test_whoever_takes_no_html_gets_no_page(handler: Any) -> None:
    response = handler(RequestFactory().get("/x", HTTP_ACCEPT="application/json"), ValueError(SECRET))
    assert (response.content, response["Content-Type"]) == (b"", "text/plain; charset=utf-8")


def test_under_the_api_an_error_keeps_its_envelope() -> None:
    request = RequestFactory().get("/api/v1/x", HTTP_ACCEPT="text/html")
    for response in (
        bad_request(request, ValueError()),
        permission_denied(request, ValueError()),
        server_error(request),
    ):
        assert response["Content-Type"] == "application/json"


def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    response = Client(enforce_csrf_checks=True).post("/styleguide", {"theme": "dark"})
    assert response.status_code == 403
    assert "el formulario caducó" in response.content.decode()
    assert COOKIE not in response.cookies


def test_a_host_that_is_not_ours_gets_the_page_too(client: Client) -> None:
    response = client.get("/styleguide", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "<h1>La solicitud no es válida</h1>" in response.content.decode()


def test_the_folio_of_a_failure_leads_to_its_kind_and_place_and_to_nothing_of_the_request() -> None:
    request = RequestFactory().get("/login?next=sentinel", headers={"accept": "text/html"})
    with capture_logs() as lines:
        try:
            int("sentinel")
        except ValueError:
            response = server_error(request)
    assert response.status_code == 500
    assert [(line["event"], line["kind"]) for line in lines] == [("failed", "ValueError")]
    assert "test_errors.py:" in lines[0]["where"]
    assert "sentinel" not in str(lines)
