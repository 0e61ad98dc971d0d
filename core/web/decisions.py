"""The four decisions as a screen says them: word, icon and colour always go together."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ShownDecision:
    """One decision on screen; `code` is the API's word and names the colour in the style sheets."""

    code: str
    label: str | Promise
    icon: str


DECISIONS = {
    shown.code: shown
    for shown in (
        ShownDecision("approve", _("Liberar"), "circle-check"),
        ShownDecision("review", _("En revisión"), "eye"),
        ShownDecision("challenge", _("Verificar"), "shield-question-mark"),
        ShownDecision("decline", _("Rechazar"), "octagon-x"),
    )
}
