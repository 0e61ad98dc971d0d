"""`/dashboard/protection/blocklists/bulk`: one act on many entries, after its effect was shown, and its undoing."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blocklists.bulk import weigh_order
from blocklists.queries import get_bulk_act, list_ids
from blocklists.rules.bulk import MOST_AT_ONCE, UNDO_WITHIN, can_undo
from blocklists.services.change_entries import UndoTooLate, change_entries, undo_changes
from blocklists.services.change_entry import WEAKEN, WeakeningForbidden
from blocklists.types import BulkAct
from blocklists.web.bulk_forms import BulkForm, ChosenForm, read_ids
from blocklists.web.list_forms import EntryFilterForm
from blocklists.web.lists import EDIT, ListPages
from blocklists.web.words import ACTS
from core.unit_of_work import unit_of_work


class BulkPages(ListPages):
    """What the steps of an act on many entries share."""

    is_base = True
    permission = {"GET": EDIT, "POST": EDIT}

    def turn_back(self, text: str) -> HttpResponse:
        """Send the reader back to the list with what was wrong; nothing was changed."""
        self.say(text, is_failure=True)
        return self.go_back("lists")


class BulkPage(BulkPages):
    """Shows what the act would do."""

    permission = {"POST": EDIT}
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the question, with the counts; nothing changes yet."""
        form = BulkForm(request.POST, zone=self.member.organization.timezone, now=self.now)
        if not form.is_valid():
            return self.turn_back(_("Elija qué hacer y, para un vencimiento, un día que no haya pasado."))
        try:
            ids = self._read_chosen(request)
        except forms.ValidationError as refusal:
            return self.turn_back(refusal.messages[0])
        order = form.read_order()
        effect = weigh_order(**self.actor.scope, entry_ids=ids, order=order, now=self.now)
        context = {
            "act": ACTS[order.act.value],
            "order": order,
            "sets_end": order.act is BulkAct.EXPIRY,
            "expires_date": request.POST.get("expires_date", ""),
            "effect": effect,
            "is_refused": bool(effect.weakened) and not self.actor.can(WEAKEN),
            "entries": ",".join(map(str, ids)),
            "steps": self.list_steps((_("Cambiar varias"), "")),
        }
        return self.show("lists/bulk.html", context)

    def _read_chosen(self, request: HttpRequest) -> list[uuid.UUID]:
        """Return the ids that were ticked, or of all that the filter lets through. Raises ValidationError."""
        if "all" in request.POST:
            return self._find_all(request)
        ids = read_ids(request.POST.getlist("entry"))
        if not ids:
            raise forms.ValidationError(_("Elija al menos una entrada."))
        if len(ids) > MOST_AT_ONCE:
            raise forms.ValidationError(_say_too_many())
        return ids

    def _find_all(self, request: HttpRequest) -> list[uuid.UUID]:
        form = EntryFilterForm(request.POST)
        if not form.is_valid():
            raise forms.ValidationError(_("Los filtros no son válidos."))
        wanted = form.read_filter(now=self.now, limit=MOST_AT_ONCE + 1)
        ids = list_ids(**self.actor.scope, wanted=wanted)
        if len(ids) > MOST_AT_ONCE:
            raise forms.ValidationError(_say_too_many())
        if not ids:
            raise forms.ValidationError(_("Ninguna entrada cumple con esos filtros."))
        return ids


class ApplyBulkPage(BulkPages):
    """Does the act."""

    permission = {"POST": EDIT}
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it to all or to none, and show what was done, with the way to undo it."""
        form = ChosenForm(request.POST, zone=self.member.organization.timezone, now=self.now)
        if not form.is_valid():
            return self.turn_back(_("No se cambió nada: vuelva a elegir las entradas."))
        try:
            with unit_of_work():
                act = change_entries(
                    actor=self.actor, entry_ids=form.cleaned_data["entries"], order=form.read_order(), now=self.now
                )
        except WeakeningForbidden:
            return self.turn_back(_say_weakening())
        return self.redirect("lists_bulk_act", act_id=act.id)


class BulkActPage(BulkPages):
    """What the reader did to many entries; for ten minutes it can be undone."""

    def get(self, request: HttpRequest, act_id: uuid.UUID) -> HttpResponse:
        """Return the page. Raises NotFound, for what another did too."""
        act = get_bulk_act(**self.actor.scope, act_id=act_id, person_id=self.actor.id)
        context: dict[str, Any] = {
            "act": act,
            "label": ACTS[act.act],
            "changed": len(act.entries),
            "can_undo": can_undo(done_at=act.created_at, undone_at=act.undone_at, at=self.now) and act.entries,
            "until": act.created_at + UNDO_WITHIN,
            "steps": self.list_steps((_("Cambiar varias"), "")),
        }
        return self.show("lists/bulk_done.html", context)

    def post(self, request: HttpRequest, act_id: uuid.UUID) -> HttpResponse:
        """Undo it; what was changed since stays as it is. Raises NotFound."""
        try:
            with unit_of_work():
                act = undo_changes(actor=self.actor, act_id=act_id, now=self.now)
        except UndoTooLate:
            self.say(_("Ya no se puede deshacer: pasaron diez minutos, o ya se deshizo."), is_failure=True)
            return self.redirect("lists_bulk_act", act_id=act_id)
        self.say(_say_undone(len(act.entries) - act.left, act.left))
        return self.redirect("lists_bulk_act", act_id=act_id)


def _say_undone(restored: int, left: int) -> str:
    said = ngettext(
        "%(count)s entrada volvió a como estaba.", "%(count)s entradas volvieron a como estaban.", restored
    ) % {"count": restored}
    if not left:
        return said
    more = ngettext(
        "%(count)s cambió después o ya no existe: se dejó como está.",
        "%(count)s cambiaron después o ya no existen: se dejaron como están.",
        left,
    )
    return f"{said} {more % {'count': left}}"


def _say_too_many() -> str:
    return _("Son más de %(most)s: use los filtros y hágalo por partes. No se cambió nada.") % {
        "most": f"{MOST_AT_ONCE:,}"
    }


def _say_weakening() -> str:
    return _(
        "Alguna de las entradas haría menos, y eso lo decide una persona de Administración o Cumplimiento. "
        "No se cambió nada."
    )
