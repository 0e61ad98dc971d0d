"""`/dashboard/palette`: the palette as a page of links, and what its dialog shows while the reader types."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.types import Module
from accounts.web.admission import MemberPage
from accounts.web.sign_in import OWN_ACCOUNT
from clausum.web.navigation import list_parts
from core.web.palette import Entry, Reader, find_entries, group_entries


def list_pages(reader: Reader, query: str) -> Iterable[Entry]:
    """Return the pages of the side bar."""
    for part in list_parts(actor=reader.actor, modules=map(Module, reader.modules)):
        for leaf in part.leaves:
            yield Entry(leaf.label, leaf.url, leaf.icon, _("Páginas"), keywords=str(part.label))


def list_acts(reader: Reader, query: str) -> Iterable[Entry]:
    """Return the pages where something begins."""
    group = _("Acciones")
    yield Entry(_("Crear clave API"), reverse("key_new"), "plus", group, "keys:write", _("nueva token credencial"))
    yield Entry(
        _("Invitar al equipo"), reverse("team_invite"), "plus", group, "team:write", _("persona usuario correo")
    )


def list_own_pages(reader: Reader, query: str) -> Iterable[Entry]:
    """Return the pages of the reader's own account."""
    group = _("Mi cuenta")
    yield Entry(_("Mi cuenta"), reverse("account"), "user-round", group, keywords=_("perfil nombre"))
    looks = _("tema oscuro claro idioma densidad contraste atajos")
    yield Entry(_("Preferencias"), f"{reverse('account')}#preferences", "settings", group, keywords=looks)
    yield Entry(_("Cambiar la contraseña"), reverse("account_change_password"), "lock", group)
    factors = _("MFA TOTP passkey llave de acceso códigos de recuperación")
    yield Entry(_("Segundo factor"), reverse("mfa_index"), "fingerprint", group, keywords=factors)
    yield Entry(_("Sesiones abiertas"), reverse("usersessions_list"), "monitor", group)
    yield Entry(_("Cerrar sesión"), reverse("account_logout"), "log-out", group, keywords=_("salir"))


def list_help(reader: Reader, query: str) -> Iterable[Entry]:
    """Return what there is to read."""
    yield Entry(_("Documentación de la API"), reverse("docs"), "info", _("Ayuda"), keywords="docs openapi")


SOURCES = (list_pages, list_acts, list_own_pages, list_help)
"""Where the palette's entries come from; a new kind of thing to find is a function more."""


class _PaletteBase(MemberPage):
    is_base = True

    def find(self, request: HttpRequest) -> list[Entry]:
        """Return what the query finds, or all without one; what the reader used last comes first."""
        reader = Reader(self.actor, frozenset(self.member.organization.modules))
        found = find_entries(SOURCES, reader=reader, query=request.GET.get("q", ""))
        used = request.GET.getlist("recent")
        recent = [Entry(each.label, each.url, each.icon, _("Recientes")) for each in found if each.url in used]
        recent.sort(key=lambda entry: used.index(entry.url))
        return recent + [entry for entry in found if entry.url not in used]


class PalettePage(_PaletteBase):
    """Everything that the reader may go to, as links; works without a script."""

    permission = OWN_ACCOUNT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        steps = [{"label": _("Inicio"), "href": "/"}, {"label": _("Buscar o ir a…")}]
        context: dict[str, Any] = {"groups": group_entries(self.find(request)), "query": request.GET.get("q", "")}
        return self.render("palette/palette.html", context | {"steps": steps})


class PaletteEntriesPage(_PaletteBase):
    """The same as options of a listbox, for the dialog."""

    permission = OWN_ACCOUNT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the options."""
        return self.render("palette/entries.html", {"groups": group_entries(self.find(request))})
