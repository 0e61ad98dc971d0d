"""The side bar: the parts of the product, in the order of a working day, as far as they are built and may be seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.types import Module
from core.actor import Actor


@dataclass(frozen=True)
class Part:
    """One part of the product. `page` is the name of its route; a part without one leads to its first child.

    `letter` is the key that goes there after `g`.
    """

    label: str | Promise
    icon: str
    page: str = ""
    permission: str = ""
    module: Module | None = None
    children: tuple["Part", ...] = ()
    letter: str = ""
    url: str = field(default="", compare=False)

    @property
    def leaves(self) -> tuple["Part", ...]:
        """The pages of this part: its children, or itself."""
        return self.children or (self,)


NAVIGATION = (
    Part(_("Panel"), "layout-dashboard"),
    Part(_("Transacciones"), "arrow-left-right"),
    Part(_("Expedientes"), "folder-open"),
    Part(
        _("Protección"),
        "shield-check",
        children=(
            Part(_("Reglas"), "list-checks", "rules", "rules:read", letter="r"),
            Part(_("Política"), "settings", "policy", "policy:read", letter="p"),
            Part(_("Listas"), "ban", "lists", "blocklists:read", letter="l"),
            Part(_("Listas externas"), "download", "feeds", "feeds:read", letter="f"),
        ),
    ),
    Part(
        _("Simulación"),
        "flask-conical",
        children=(
            Part(_("Un pago"), "flask-conical", "simulation", "simulation:run", letter="m"),
            Part(_("Backtest"), "rotate-cw", "backtests", "simulation:run", letter="b"),
        ),
    ),
    Part(_("Inteligencia"), "radar"),
    Part(
        _("Conexiones"),
        "plug",
        children=(
            Part(_("Claves API"), "key-round", "keys", "keys:read", letter="k"),
            Part(_("Subcomercios"), "store", "submerchants", "submerchants:read", letter="s"),
        ),
    ),
    Part(_("Equipo"), "users", "team", "team:read", letter="q"),
    Part(
        _("Configuración"),
        "settings",
        children=(
            Part(_("Empresa"), "building-2", "company", "organization:read", letter="o"),
            Part(_("Auditoría"), "scroll-text", "audit", "audit:read", letter="a"),
        ),
    ),
)
"""Whose pages are still to come have no route, and only the style guide shows them."""


def list_parts(*, actor: Actor, modules: Iterable[Module]) -> list[Part]:
    """Return the parts that the actor may open, each with its address."""
    contracted = frozenset(modules)
    found = (_find(part, actor, contracted) for part in NAVIGATION)
    return [part for part in found if part is not None]


def find_place(parts: Iterable[Part], path: str) -> tuple[str, str]:
    """Return the address of the part to which the page `path` belongs, and what `aria-current` says of a link there.

    Of two parts, one of which lies below the other, it is the lower. The address is empty when it belongs to none.
    """
    urls = [leaf.url for part in parts for leaf in part.leaves if leaf.url]
    found = max((url for url in urls if url == path or path.startswith(f"{url}/")), key=len, default="")
    return found, "page" if found == path else "true"


def _find(part: Part, actor: Actor, contracted: frozenset[Module]) -> Part | None:
    children = [child for child in (_find(each, actor, contracted) for each in part.children) if child is not None]
    if children:
        return replace(part, url=children[0].url, children=tuple(children))
    if not part.page or not actor.can(part.permission) or (part.module and part.module not in contracted):
        return None
    return replace(part, url=reverse(part.page))
