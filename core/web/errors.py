"""Errors as pages, for people; under /api/ and for whoever takes no HTML they are those of core.api.errors."""

import sys
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.api import errors as api_errors
from core.api.request_id import is_api_path
from core.errors import AppError
from core.web.pages import render_page

_Text = str | Promise
_SAID: dict[int, tuple[_Text, _Text, _Text]] = {
    400: (
        _("La solicitud no es válida"),
        _("El servidor no entendió lo que envió el navegador. No se guardó nada."),
        _("Vuelva a la página anterior e inténtelo de nuevo."),
    ),
    403: (
        _("No tiene acceso"),
        _("Su cuenta no permite esta acción, o el formulario caducó. No se guardó nada."),
        _("Vuelva a cargar la página. Si el problema sigue, pida el permiso a quien administra su organización."),
    ),
    404: (
        _("Esta página no existe"),
        _("La dirección está mal escrita, o lo que había aquí ya no está."),
        _("Revise la dirección o vuelva al inicio."),
    ),
    405: (
        _("Aquí no se llega con un enlace"),
        _("Esta dirección solo recibe un formulario; al abrirla no hay nada que ver. No se guardó nada."),
        _("Vuelva a la página de la que viene y use su botón."),
    ),
    409: (
        _("Alguien cambió esto antes"),
        _("Lo que usted vio ya no es lo que hay. No se guardó nada."),
        _("Vuelva a la página anterior, cárguela de nuevo y repita el cambio si aún hace falta."),
    ),
    429: (
        _("Demasiados intentos"),
        _("Se hicieron muchos intentos en poco tiempo. No se guardó nada."),
        _("Espere unos minutos y vuelva a intentarlo."),
    ),
    500: (
        _("Algo falló de nuestro lado"),
        _("Ocurrió un error al preparar la página. Es posible que su último cambio no se haya guardado."),
        _("Compruebe si el cambio quedó guardado antes de repetirlo. Si el error vuelve, envíe el folio a soporte."),
    ),
    503: (
        _("En mantenimiento"),
        _("El servicio no está disponible por el momento. No se guardó nada."),
        _("Vuelva a intentarlo en unos minutos."),
    ),
}


def render_error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page for that status, with the request id as folio and nothing of the request.

    Whoever is signed in sees it in the frame that they work in.
    """
    heading, happened, advice = _SAID[status] if status in _SAID else _SAID[400 if status < 500 else 500]
    template = "errors/error_in_frame.html" if getattr(request, "member", None) else "errors/error.html"
    folio = structlog.contextvars.get_contextvars().get("request_id", "")
    context: dict[str, Any] = {"heading": heading, "happened": happened, "advice": advice, "folio": folio}
    context |= {"status": status, "steps": [{"label": _("Inicio"), "href": "/"}, {"label": heading}]}
    return render_page(request, template, context, status=status)


def render_app_error(request: HttpRequest, error: AppError) -> HttpResponse:
    """Return the page for a refusal of ours; its status chooses the words, as its text is the API's."""
    response = render_error_page(request, error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


def render_failure(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a failure of the database, logged as the API logs it; a second try may succeed."""
    error = api_errors.translate(exception)
    response = render_error_page(request, error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


def _wants_a_page(request: HttpRequest) -> bool:
    return not is_api_path(request) and request.accepts("text/html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return render_error_page(request, 400) if _wants_a_page(request) else api_errors.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    if _wants_a_page(request):
        return render_error_page(request, 403)
    return api_errors.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if _wants_a_page(request):
        return render_error_page(request, 404)
    return api_errors.page_not_found(request, exception)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Django-allauth's handler429, for its limits by address."""
    return render_error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; the folio that the page shows leads to the line logged here."""
    failure = sys.exception()
    if isinstance(failure, Exception):
        api_errors.log_failure(failure)
    return render_error_page(request, 500) if _wants_a_page(request) else api_errors.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form without its token, or from another site, gets."""
    return permission_denied(request, PermissionError())
