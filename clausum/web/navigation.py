"""The side bar: the parts of the product, in the order of a working day."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """One part of the product; without `url` its page is still to come, and it is no link."""

    label: str | Promise
    icon: str
    url: str = ""


NAVIGATION = (
    Part(_("Panel"), "layout-dashboard"),
    Part(_("Transacciones"), "arrow-left-right"),
    Part(_("Expedientes"), "folder-open"),
    Part(_("Protección"), "shield-check"),
    Part(_("Simulación"), "flask-conical"),
    Part(_("Inteligencia"), "radar"),
    Part(_("Conexiones"), "plug"),
    Part(_("Equipo"), "users"),
    Part(_("Configuración"), "settings"),
)
