"""`/dashboard/audit`: who did what to what, and whether the trail is still as it was recorded."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor_names import list_people, name_actors
from accounts.web.admission import MemberPage
from accounts.web.audit_forms import TrailForm
from accounts.web.audit_rows import AuditRow, make_rows
from core.errors import NotFound
from core.unit_of_work import unit_of_work
from events.services.note_export import note_export
from events.services.request_chain_check import request_chain_check
from events.trail import TrailFilter, find_entry, find_last_check, list_trail, stream_trail
from events.types import CheckState
from events.web.trail_files import CONTENT_TYPES, FileFormat, Named, write_trail

PAGE_ROWS = 50


class AuditPages(MemberPage):
    """What the pages of the trail share."""

    is_base = True
    permission = "audit:read"

    @property
    def zone(self) -> str:
        return self.member.organization.timezone

    def make_form(self, given: QueryDict) -> TrailForm:
        """Return the filters that were given."""
        people = list_people(organization_id=self.actor.organization_id)
        return TrailForm(given, people=people, zone=self.zone)

    def read_filter(self, form: TrailForm) -> TrailFilter:
        return form.read_filter(organization_id=self.actor.organization_id, now=self.now)

    def list_steps(self, last: str = "") -> list[dict[str, str]]:
        """Return the way here."""
        steps = [{"label": _("Configuración")}, {"label": _("Auditoría")}]
        return [steps[0], steps[1] | {"href": reverse("audit")}, {"label": last}] if last else steps


class AuditPage(AuditPages):
    """The trail, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return a page of what is wanted; a filter that cannot be is told beside its field."""
        form = self.make_form(request.GET)
        if not form.is_valid():
            return self._show(form, [], {}, status=422)
        before = _read_id(request.GET.get("before", ""))
        entries = list_trail(wanted=self.read_filter(form), before=before, limit=PAGE_ROWS + 1)
        rows = make_rows(entries[:PAGE_ROWS], organization_id=self.actor.organization_id, zone=self.zone)
        chosen = form.list_chosen()
        more = {
            "chips": [(label, said, _make_query(form, without=name)) for name, label, said in chosen],
            "hidden": [(name, request.GET[name]) for name, _label, _said in chosen],
            "first": _make_query(form) if before else "",
            "next": _make_query(form, before=rows[-1].entry.id) if len(entries) > PAGE_ROWS else "",
        }
        return self._show(form, rows, more)

    def _show(self, form: TrailForm, rows: list[AuditRow], more: dict[str, Any], *, status: int = 200) -> HttpResponse:
        check = find_last_check(organization_id=self.actor.organization_id)
        context = {
            "form": form,
            "rows": rows,
            "check": check,
            "check_person": self._name(check.requested_by) if check else "",
            "is_check_running": check is not None and check.ended_at is None,
            "is_check_passed": check is not None and check.state == CheckState.PASSED,
            "zone": self.zone,
            "now": self.now,
            "steps": self.list_steps(),
        }
        return self.render("audit/list.html", context | more, status=status)

    def _name(self, user_id: uuid.UUID | None) -> str:
        people = {user_id} if user_id else set()
        names = name_actors(organization_id=self.actor.organization_id, people=people, keys=()).people
        return names[user_id].shown if user_id in names else ""


class EventPage(AuditPages):
    """One event, with all that was recorded of it."""

    def get(self, request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
        """Return the page. Raises NotFound."""
        entry = find_entry(organization_id=self.actor.organization_id, event_id=event_id)
        if entry is None:
            raise NotFound
        (row,) = make_rows([entry], organization_id=self.actor.organization_id, zone=self.zone)
        context = {
            "row": row,
            "zone": self.zone,
            "now": self.now,
            "steps": self.list_steps(row.what),
        }
        return self.render("audit/event.html", context)


class CheckPage(AuditPages):
    """Asks for the whole chain to be verified."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask, and go back to the trail, which shows how far it has come."""
        with unit_of_work():
            request_chain_check(actor=self.actor, now=self.now)
        self.say(_("La verificación empezó. Vuelva a cargar la página para ver el resultado."))
        return self.redirect("audit")


class ExportPage(AuditPages):
    """The trail, as filtered, as a file."""

    reauthenticates = frozenset({"POST"})
    sends_file_from = "audit"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Record who takes it out, then send it as it is read; nothing that is recorded later is in it."""
        form = self.make_form(request.POST)
        given = request.POST.get("format", "")
        if not form.is_valid() or given not in set(FileFormat):
            self.say(_("Los filtros no son válidos. No se exportó nada."), is_failure=True)
            return self.redirect("audit")
        file_format = FileFormat(given)
        wanted = self.read_filter(form)
        with unit_of_work():
            export_id = note_export(actor=self.actor, wanted=wanted, file_format=file_format.value, now=self.now)
        response = StreamingHttpResponse(
            write_trail(self._stream(wanted, below=export_id), file_format=file_format),
            content_type=CONTENT_TYPES[file_format],
        )
        day = self.now.strftime("%Y-%m-%d")
        response["Content-Disposition"] = f'attachment; filename="clausum-audit-{day}.{file_format.value}"'
        return response

    def _stream(self, wanted: TrailFilter, *, below: uuid.UUID) -> Iterator[Named]:
        for entries in stream_trail(wanted=wanted, before=below):
            # The file is sent after the page's own language has been put back.
            with translation.override(self.preferences.language):
                rows = make_rows(entries, organization_id=wanted.organization_id, zone=self.zone)
                named = [(row.entry, row.what, row.who) for row in rows]
            yield from named


def _make_query(form: TrailForm, *, without: str = "", before: uuid.UUID | None = None) -> str:
    """Return the address of the same list without one filter, or of its next page."""
    query = QueryDict(mutable=True)
    for name in form.fields:
        if name != without and form.data.get(name):
            query[name] = form.data[name]
    if before:
        query["before"] = str(before)
    return f"?{query.urlencode()}"


def _read_id(text: str) -> uuid.UUID | None:
    """Return the id; whatever is none begins at the newest."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
