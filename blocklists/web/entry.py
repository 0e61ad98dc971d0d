"""`/dashboard/protection/blocklists/<id>`: one entry, what it met, what became of it, and what may be done with it."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.audit_rows import make_rows
from blocklists.hits import count_hits_by_day, list_met_payments
from blocklists.queries import get_entry
from blocklists.services.change_entry import WeakeningForbidden, change_entry
from blocklists.services.errors import DuplicateEntry, EntryChanged
from blocklists.services.prolong_entry import prolong_entry
from blocklists.services.remove_entry import remove_entry
from blocklists.types import HitSummary
from blocklists.web.entry_forms import SEVERITY_HINTS, EntryForm, read_moment
from blocklists.web.entry_rows import EntryRow, make_entry_rows
from blocklists.web.lists import EDIT, READ, ListPages
from blocklists.web.words import FLOWS, SEVERITIES
from core.unit_of_work import unit_of_work
from core.web.charts import Point
from core.web.formats import format_exact
from events.trail import TrailFilter, list_trail

REMOVE = "blocklists:delete"
HISTORY_ROWS = 50
_FIELDS: dict[str, str | Promise] = {
    "severity": gettext_lazy("Severidad"),
    "flow_scope": gettext_lazy("Flujo"),
    "reason": gettext_lazy("Motivo"),
    "expires_at": gettext_lazy("Vence"),
    "is_active": gettext_lazy("Activa"),
}
_WORDS = {"severity": SEVERITIES, "flow_scope": FLOWS}


class EntryPages(ListPages):
    """What the pages of one entry share."""

    is_base = True

    @property
    def zone(self) -> str:
        return self.member.organization.timezone

    def find(self, entry_id: uuid.UUID) -> EntryRow:
        """Return the entry. Raises NotFound."""
        entry = get_entry(**self.actor.scope, entry_id=entry_id)
        return make_entry_rows([entry], actor=self.actor, now=self.now)[0]

    def read(self, entry_id: uuid.UUID) -> EntryRow:
        """Return the entry without what it met and who added it. Raises NotFound."""
        return EntryRow(get_entry(**self.actor.scope, entry_id=entry_id), HitSummary(), {}, self.now)

    def list_entry_steps(self, row: EntryRow, title: str = "") -> list[dict[str, str]]:
        """Return the way to the entry, and to what is done about it."""
        here = (row.type_label, reverse("list_entry", kwargs={"entry_id": row.entry.id}))
        return self.list_steps(here, (title, "")) if title else self.list_steps(here)


class EntryPage(EntryPages):
    """All that is known of an entry."""

    permission = READ

    def get(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Return the page. Raises NotFound."""
        row = self.find(entry_id)
        met = list_met_payments(**self.actor.scope, entry_id=entry_id)
        context = {
            "row": row,
            "met": met,
            "points": [Point(_say_day(day), count) for day, count in self._count_days(entry_id)],
            "history": self._list_history(entry_id),
            "can_remove": self.actor.can(REMOVE),
            "can_audit": self.actor.can("audit:read"),
            "steps": self.list_entry_steps(row),
        }
        return self.show("lists/entry.html", context)

    def _count_days(self, entry_id: uuid.UUID) -> Any:
        return count_hits_by_day(**self.actor.scope, entry_id=entry_id, timezone=self.zone, now=self.now)

    def _list_history(self, entry_id: uuid.UUID) -> list[Any]:
        wanted = TrailFilter(
            organization_id=self.actor.organization_id,
            environments=(self.actor.environment,),
            text=str(entry_id),
        )
        events = list_trail(wanted=wanted, before=None, limit=HISTORY_ROWS)
        return make_rows(events, organization_id=self.actor.organization_id, zone=self.zone)


class EditEntryPage(EntryPages):
    """Changes how an entry acts."""

    permission = {"GET": EDIT, "POST": EDIT}

    def get(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Show what the entry has. Raises NotFound."""
        row = self.read(entry_id)
        return self._ask(row, EntryForm(entry=row.entry, zone=self.zone, now=self.now))

    def post(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Change it; when somebody was quicker, show both versions and change nothing. Raises NotFound."""
        row = self.read(entry_id)
        form = EntryForm(request.POST, entry=row.entry, zone=self.zone, now=self.now)
        if not form.is_valid():
            return self._ask(row, form, status=422)
        try:
            with unit_of_work():
                change_entry(
                    actor=self.actor,
                    entry_id=entry_id,
                    changes=form.read_changes(),
                    seen=form.cleaned_data["seen"],
                    now=self.now,
                )
        except EntryChanged as stale:
            return self._show_both(row, stale)
        except WeakeningForbidden:
            form.add_error(None, _say_weakening())
            return self._ask(row, form, status=403)
        except DuplicateEntry:
            form.add_error("flow", _("Otra entrada ya tiene este valor en ese flujo."))
            return self._ask(row, form, status=409)
        self.say(_("La entrada quedó guardada: vale desde la siguiente evaluación."))
        return self.redirect("list_entry", entry_id=entry_id)

    def _ask(self, row: EntryRow, form: EntryForm, *, status: int = 200) -> HttpResponse:
        steps = self.list_entry_steps(row, _("Editar"))
        context = {"row": row, "form": form, "hints": SEVERITY_HINTS, "steps": steps}
        return self.show("lists/edit.html", context, status=status)

    def _show_both(self, row: EntryRow, stale: EntryChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [
            (_FIELDS[name], self._say(name, both["theirs"]), self._say(name, both["yours"]))
            for name, both in versions.items()
        ]
        back = reverse("list_entry_edit", kwargs={"entry_id": row.entry.id})
        steps = self.list_entry_steps(row, _("Alguien lo cambió antes"))
        return self.show("errors/conflict.html", {"rows": rows, "back": back, "steps": steps}, status=409)

    def _say(self, name: str, value: object) -> object:
        if isinstance(value, bool):
            return _("Sí") if value else _("No")
        if isinstance(value, datetime):
            return format_exact(value, zone=self.zone)
        return _WORDS[name][str(value)] if name in _WORDS else value or None


class ProlongEntryPage(EntryPages):
    """Lets an entry act for another 90 days."""

    permission = {"POST": EDIT}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Prolong it, and go back to where the button was; sent twice, the second time says so. Raises NotFound."""
        try:
            with unit_of_work():
                entry = prolong_entry(
                    actor=self.actor, entry_id=entry_id, seen=_read_seen(request.POST.get("seen", "")), now=self.now
                )
        except EntryChanged:
            self.say(_("La entrada cambió después de que abrió la página: no se prorrogó."), is_failure=True)
        else:
            until = format_exact(entry.expires_at, zone=self.zone) if entry.expires_at else _("sin vencimiento")
            self.say(_("La entrada quedó prorrogada: %(until)s.") % {"until": until})
        return self.go_back("lists")


def _read_seen(text: str) -> datetime:
    """Return the moment that the page wrote; of what is none, one at which no entry was changed."""
    try:
        return read_moment(text)
    except forms.ValidationError:
        return datetime.min.replace(tzinfo=UTC)


class RemoveEntryPage(EntryPages):
    """Takes an entry off the lists for good."""

    permission = {"GET": REMOVE, "POST": REMOVE}

    def get(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Ask, beside what the entry met. Raises NotFound."""
        row = self.find(entry_id)
        return self.show("lists/remove.html", {"row": row, "steps": self.list_entry_steps(row, _("Quitar"))})

    def post(self, request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
        """Remove it. Raises NotFound."""
        with unit_of_work():
            remove_entry(actor=self.actor, entry_id=entry_id, now=self.now)
        self.say(_("La entrada se quitó: ningún pago la encuentra desde la siguiente evaluación."))
        return self.redirect("lists")


def _say_weakening() -> str:
    return _(
        "Con este cambio la entrada haría menos, y eso lo decide una persona de Administración o Cumplimiento. "
        "No se guardó nada."
    )


def _say_day(day: date) -> str:
    return day.strftime(_("%d/%m/%Y"))
