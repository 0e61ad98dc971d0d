"""`/dashboard/protection/blocklists/export`: the list, as filtered, as a file."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from blocklists.finding import MOST_FOUND
from blocklists.queries import STREAMED_ROWS, stream_entries
from blocklists.services.export_entries import export_entries
from blocklists.types import EntryFacts, EntryFilter
from blocklists.web.entry_rows import EntryRow, make_entry_rows
from blocklists.web.list_forms import EntryFilterForm
from blocklists.web.lists import READ, ListPages, say_cut
from blocklists.web.words import mask_value
from core.unit_of_work import unit_of_work
from core.web.csv_files import answer_with_csv
from core.web.formats import place_in_zone


class ExportEntriesPage(ListPages):
    """Sends the entries that the filter lets through, and notes who took them out."""

    permission = {"POST": READ}
    http_method_names = ["post"]
    reauthenticates = frozenset({"POST"})
    sends_file_from = "lists"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Record it, then send the file as it is read."""
        form = EntryFilterForm(request.POST)
        if not form.is_valid():
            self.say(_("Los filtros no son válidos. No se exportó nada."), is_failure=True)
            return self.redirect("lists")
        wanted = form.read_filter(now=self.now, limit=STREAMED_ROWS)
        with unit_of_work():
            is_masked = export_entries(actor=self.actor, wanted=wanted, now=self.now)
        rows = self._list_rows(wanted, is_masked=is_masked)
        return answer_with_csv(rows, name=f"clausum-listas-{self.now:%Y-%m-%d}.csv")

    def _list_rows(self, wanted: EntryFilter, *, is_masked: bool) -> Iterator[Sequence[object]]:
        """Yield headings, entries and, when a search found more than it looks for, a line that says so.

        The file is sent after the page's own language has been put back, and between two lines others are at work: the
        reader's language is set only while words are made.
        """
        with translation.override(self.preferences.language):
            headings, last = _list_headings(), [say_cut()]
        yield headings
        count = 0
        for entries in stream_entries(**self.actor.scope, wanted=wanted):
            yield from self._list_lines(entries, is_masked=is_masked)
            count += len(entries)
        if wanted.search and count > MOST_FOUND:
            yield last

    def _list_lines(self, entries: Sequence[EntryFacts], *, is_masked: bool) -> list[list[object]]:
        zone = self.member.organization.timezone
        with translation.override(self.preferences.language):
            rows = make_entry_rows(entries, actor=self.actor, now=self.now)
            return [_list_cells(row, zone, is_masked=is_masked) for row in rows]


def _list_headings() -> list[str]:
    return [
        _("Tipo"),
        _("Valor"),
        _("Flujo"),
        _("Severidad"),
        _("Estado"),
        _("Vence"),
        _("Motivo"),
        _("Origen"),
        _("Agregada"),
        _("Quién"),
        _("Coincidencias"),
        _("Última coincidencia"),
        "list_type",
        "id",
    ]


def _list_cells(row: EntryRow, zone: str, *, is_masked: bool) -> list[object]:
    entry = row.entry
    return [
        row.type_label,
        mask_value(entry.list_type, entry.value) if is_masked else entry.value,
        row.flow,
        row.severity,
        row.state_label,
        _say_moment(entry.expires_at, zone),
        _("(oculto)") if is_masked and entry.reason else entry.reason,
        row.source,
        _say_moment(entry.created_at, zone),
        row.who,
        row.hits.count,
        _say_moment(row.hits.last_at, zone),
        entry.list_type.value,
        entry.id,
    ]


def _say_moment(moment: datetime | None, zone: str) -> str:
    return place_in_zone(moment, zone=zone).isoformat(timespec="seconds") if moment else ""
