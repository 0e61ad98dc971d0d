"""`/styleguide`: every component in every state, and the form that sets language and look."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from clausum.web.navigation import NAVIGATION
from clausum.web.sample_form import make_sample_forms
from clausum.web.samples import make_samples, make_waterfalls
from core.api.views import PUBLIC
from core.clock import read_clock
from core.web.preferences import Preferences, keep_preferences
from core.web.views import PageView


class StyleguideView(PageView):
    """Shows the design; needs no script and no session."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        context = _make_frame(_("Sistema de diseño")) | {"options": _list_options(self.preferences)}
        return self.render("styleguide/styleguide.html", context | make_samples(now=read_clock()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was chosen in the cookie and show the page again."""
        response = HttpResponseRedirect(request.path, status=303)
        keep_preferences(response, Preferences.from_values(request.POST.dict()))
        return response


class StyleguideFormsView(PageView):
    """`/styleguide/forms`: a form at first and refused, charts, and what stands in for nothing."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        title, path = (
            _("Formularios, gráficas y páginas vacías"),
            {"label": _("Sistema de diseño"), "href": "/styleguide"},
        )
        context = _make_frame(title, path=[path]) | make_samples(now=read_clock()) | make_sample_forms()
        return self.render("styleguide/forms.html", context)


class StyleguideWaterfallView(PageView):
    """`/styleguide/waterfall`: how signals add up, in every state that a score can have."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        path = {"label": _("Sistema de diseño"), "href": "/styleguide"}
        context = _make_frame(_("Cascada de señales"), path=[path]) | {"waterfalls": make_waterfalls()}
        return self.render("styleguide/waterfall.html", context)


def _make_frame(title: str, *, path: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Return what the frame shows: every part of the product, and the mark of the sandbox."""
    steps = [{"label": _("Inicio"), "href": "/"}, *path, {"label": title}]
    return {"navigation": NAVIGATION, "steps": steps, "environment": "sandbox"}


def _list_options(chosen: Preferences) -> list[dict[str, Any]]:
    """Return the questions of the form with their answers, in the reader's language."""
    return [
        {
            "name": "theme",
            "label": _("Tema"),
            "chosen": chosen.theme,
            "answers": [("system", _("Sistema")), ("light", _("Claro")), ("dark", _("Oscuro"))],
        },
        {
            "name": "density",
            "label": _("Densidad"),
            "chosen": chosen.density,
            "answers": [("compact", _("Compacta")), ("comfortable", _("Cómoda"))],
        },
        {
            "name": "contrast",
            "label": _("Contraste"),
            "chosen": chosen.contrast,
            "answers": [("normal", _("Normal")), ("more", _("Más"))],
        },
        {
            "name": "language",
            "label": _("Idioma"),
            "chosen": chosen.language,
            "answers": [("es-mx", "Español"), ("en", "English")],
        },
    ]
