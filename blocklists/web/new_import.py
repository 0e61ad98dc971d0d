"""`/dashboard/protection/blocklists/import`: a file is uploaded, looked at, and confirmed."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from blocklists.import_preview import COUNTED_ROWS, preview, read_first_rows, read_heads
from blocklists.import_queries import get_batch, has_file
from blocklists.import_types import FIELDS, BatchFacts, BatchState, FileKind, FixedTerms, ImportMode, Layout
from blocklists.services.start_import import FileLost, ImportStarted, start_import
from blocklists.services.store_upload import store_upload
from blocklists.web.import_forms import ReadingForm, TermsForm, UploadForm, name_reading
from blocklists.web.import_words import CODES, REFUSALS
from blocklists.web.imports import ImportPages
from core.errors import AppError
from core.unit_of_work import unit_of_work
from core.web.csv_files import answer_with_csv

ADD = "blocklists:add"
_TEMPLATE = (
    FIELDS,
    ("clabe", "646180115000000004", "payout", "block", "Cuenta mula confirmada", ""),
    ("email", "persona@example.com", "payin", "review", "Contracargo", "2030-12-31"),
    ("ip_range", "198.51.100.0/24", "both", "flag", "", ""),
)


class ImportPage(ImportPages):
    """Asks for the file, and says what it may be."""

    permission = {"GET": ADD, "POST": ADD}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty form with the limits."""
        return self._show(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file as a draft and show what is in it; one that cannot be imported is told beside the field."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            draft = self._store(form.cleaned_data["file"])
        except AppError as refusal:
            reason = str(refusal.details.get("reason", ""))
            form.add_error("file", str(REFUSALS.get(reason, refusal.text)))
            return self._show(form, status=422)
        return self.redirect("import_preview", batch_id=draft.id)

    def _store(self, file: "UploadedFile[Any]") -> BatchFacts:
        pieces: Iterable[bytes] = file.chunks()
        with unit_of_work():
            return store_upload(actor=self.actor, pieces=pieces, file_name=file.name or "", now=self.now)

    def _show(self, form: UploadForm, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "megabytes": settings.IMPORT_MAXIMUM_BYTES // (1024 * 1024),
            "most_rows": f"{settings.IMPORT_MAXIMUM_ROWS:,}",
            "steps": self.list_steps(_("Importar")),
        }
        return self.render("imports/new.html", context, status=status)


class ImportTemplatePage(ImportPages):
    """A table to fill in."""

    permission = ADD

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Send the table with three examples."""
        return answer_with_csv(_TEMPLATE, name="clausum-listas.csv")


class ImportPreviewPage(ImportPages):
    """Shows what a draft would do, and takes it on."""

    permission = {"GET": ADD, "POST": ADD}

    def get(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Show the file as it seems to be. Raises BatchNotFound."""
        batch = get_batch(**self.actor.scope, batch_id=batch_id)
        return self._lead_away(batch) or self._show(batch, batch.layout, None)

    def post(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Show the file as it was asked to be read, or import it so. Raises BatchNotFound."""
        batch = get_batch(**self.actor.scope, batch_id=batch_id)
        if away := self._lead_away(batch):
            return away
        rows = read_first_rows(self.actor.scope, batch)
        layout = ReadingForm(request.POST).read(rows, otherwise=batch.layout)
        if request.POST.get("drawn_for") != name_reading(layout):
            return self._show(batch, layout, None)
        return self._take(batch, layout)

    def _lead_away(self, batch: BatchFacts) -> HttpResponse | None:
        """Return the way to the import that was confirmed already, or to another upload when the file is lost."""
        if batch.state is not BatchState.DRAFT:
            return self.redirect("import_batch", batch_id=batch.id)
        if has_file(self.actor.scope, batch_id=batch.id):
            return None
        said = _("El archivo de este borrador se perdió, porque la base de datos se reinició. Súbalo otra vez.")
        self.say(said, is_failure=True)
        return self.redirect("import_new")

    def _take(self, batch: BatchFacts, layout: Layout) -> HttpResponse:
        heads = read_heads(self.actor.scope, batch, layout=layout, now=self.now)
        form = TermsForm(self.request.POST, layout=layout, heads=heads, now=self.now)
        if not form.is_valid():
            return self._show(batch, layout, form, status=422)
        if self.request.POST.get("act") != "confirm":
            return self._show(batch, form.read_layout(), form)
        return self._start(batch, form)

    def _start(self, batch: BatchFacts, form: TermsForm) -> HttpResponse:
        try:
            with unit_of_work():
                started = start_import(
                    actor=self.actor,
                    batch_id=batch.id,
                    mode=ImportMode(form.cleaned_data["mode"]),
                    layout=form.read_layout(),
                    fixed=form.read_terms(),
                    now=self.now,
                )
        except (ImportStarted, FileLost):  # just now
            return self.redirect("import_preview", batch_id=batch.id)
        return self.redirect("job", job_id=started.current_job_id)

    def _show(self, batch: BatchFacts, layout: Layout, form: TermsForm | None, *, status: int = 200) -> HttpResponse:
        fixed = form.read_terms() if form is not None and form.is_valid() else FixedTerms()
        shown = preview(self.actor.scope, batch, layout=layout, fixed=fixed, now=self.now)
        context: dict[str, Any] = {
            "batch": batch,
            "form": form or TermsForm(layout=layout, heads=shown.heads, now=self.now),
            "shown": shown,
            "refusals": [(each.row_number, str(CODES[each.code]), each.text) for each in shown.refusals],
            "is_table": layout.kind is FileKind.CSV,
            "counted": f"{COUNTED_ROWS:,}",
            "steps": self.list_steps(batch.file_name or _("Revisar")),
        }
        return self.render("imports/preview.html", context, status=status)
