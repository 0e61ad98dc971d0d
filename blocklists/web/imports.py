"""`/dashboard/protection/blocklists/imports`: files that were imported, what came of each, and undoing it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor_names import PersonName, name_actors
from accounts.web.admission import MemberPage
from blocklists.import_jobs import FAILURES
from blocklists.import_queries import get_batch, list_batches, list_refusals, may_undo
from blocklists.import_types import BatchFacts, BatchState, Refusal
from blocklists.services.undo_import import NothingToUndo, UndoForbidden, request_undo
from blocklists.web.import_words import CODES, MODES, STATES
from core.unit_of_work import unit_of_work
from core.web.csv_files import answer_with_csv
from core.web.paging import read_page
from jobs.web.rows import say_failure

READ, ADD = "blocklists:read", "blocklists:add"
SHOWN_REFUSALS = 100


class ImportPages(MemberPage):
    """What the pages of imports share."""

    is_base = True

    def list_steps(self, last: str = "") -> list[dict[str, str]]:
        """Return the way here."""
        steps = [{"label": _("Protección")}, {"label": _("Importaciones")}]
        return [steps[0], steps[1] | {"href": reverse("import_batches")}, {"label": last}] if last else steps

    def name_people(self, batches: list[BatchFacts]) -> dict[uuid.UUID, PersonName]:
        """Return who imported these."""
        people = {batch.created_by for batch in batches if batch.created_by}
        return name_actors(organization_id=self.actor.organization_id, people=people, keys=()).people

    def show(self, template: str, context: dict[str, Any]) -> HttpResponse:
        """Return the page, which knows the time."""
        return self.render(template, {"now": self.now, "zone": self.member.organization.timezone} | context)


@dataclass(frozen=True)
class BatchRow:
    """An import as a template says it."""

    batch: BatchFacts
    person: PersonName | None

    @property
    def name(self) -> str:
        return self.batch.file_name or _("Por la API")

    @property
    def who(self) -> str:
        return self.person.shown if self.person else ""

    @property
    def state(self) -> str:
        return str(STATES[self.batch.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.batch.state][1]

    @property
    def mode(self) -> str:
        return str(MODES[self.batch.mode])

    @property
    def failure(self) -> str:
        return say_failure(self.batch.error_code, FAILURES) if self.batch.error_code else ""

    @property
    def is_running(self) -> bool:
        return self.batch.state in {BatchState.RUNNING, BatchState.UNDOING}

    @property
    def is_undone(self) -> bool:
        return self.batch.state is BatchState.UNDONE

    @property
    def counts(self) -> list[tuple[str, str]]:
        """Return what was found, in words, with its number."""
        counts = self.batch.counts
        named = [
            (_("Filas"), counts.rows),
            (_("Agregados"), counts.added),
            (_("Reactivados"), counts.reactivated),
            (_("Ya vigentes"), counts.existing),
            (_("Repetidos"), counts.duplicate),
            (_("No válidos"), counts.invalid),
        ]
        return [(label, f"{count:,}") for label, count in named]

    @property
    def undo_counts(self) -> list[tuple[str, str]]:
        """Return what was undone, in words, with its number."""
        counts = self.batch.undo_counts
        named = [
            (_("Quitados"), counts.removed),
            (_("Restituidos"), counts.restored),
            (_("Conservados, porque alguien los cambió después"), counts.kept),
        ]
        return [(label, f"{count:,}") for label, count in named]


class ImportBatchesPage(ImportPages):
    """All imports, the newest first."""

    permission = READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        batches, pages = read_page(request.GET, self._list)
        people = self.name_people([*batches])
        context = {
            "rows": [BatchRow(batch, people.get(batch.created_by or uuid.UUID(int=0))) for batch in batches],
            "pages": pages,
            "can_import": self.actor.can(ADD),
            "steps": self.list_steps(),
        }
        return self.show("imports/list.html", context)

    def _list(self, limit: int, offset: int) -> tuple[list[BatchFacts], int]:
        return list_batches(**self.actor.scope, limit=limit, offset=offset)


class ImportBatchPage(ImportPages):
    """One import."""

    permission = READ

    def get(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Show what came of it. Raises BatchNotFound."""
        batch = get_batch(**self.actor.scope, batch_id=batch_id)
        person = self.name_people([batch]).get(batch.created_by or uuid.UUID(int=0))
        row = BatchRow(batch, person)
        refusals = list_refusals(self.actor.scope, batch_id=batch_id, limit=SHOWN_REFUSALS) if self._can_see() else []
        context = {
            "row": row,
            "refusals": [(each.row_number, str(CODES[each.code]), each.text) for each in refusals],
            "shown_refusals": SHOWN_REFUSALS,
            "can_undo": batch.can_be_undone and may_undo(self.actor, batch, age=_find_age(batch, self.now)),
            "can_see_job": self._can_see(),
            "is_draft": batch.state is BatchState.DRAFT and self._can_see(),
            "steps": self.list_steps(row.name),
        }
        return self.show("imports/batch.html", context)

    def _can_see(self) -> bool:
        """Say whether the reader may see rows that were refused, and the job."""
        return self.actor.can(ADD)


class ImportRefusalsPage(ImportPages):
    """The rows that were refused, as a file to correct."""

    permission = ADD

    def get(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
        """Send the rows that were kept, each with its line and what is wrong. Raises BatchNotFound."""
        batch = get_batch(**self.actor.scope, batch_id=batch_id)
        refusals = list_refusals(self.actor.scope, batch_id=batch.id)
        return answer_with_csv(self._list(refusals), name=f"clausum-{batch.id}.csv")

    def _list(self, refusals: list[Refusal]) -> Iterator[tuple[object, ...]]:
        # The file is sent after the page's own language has been put back.
        with translation.override(self.preferences.language):
            head = (_("Línea"), _("Error"), _("Fila"))
            said = [(each.row_number, str(CODES[each.code]), each.text) for each in refusals]
        yield head
        yield from said


class ImportUndoPage(ImportPages):
    """Undoes an import."""

    permission = ADD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Have it undone, and show how far that is. Raises BatchNotFound, UndoForbidden."""
        try:
            with unit_of_work():
                batch = request_undo(actor=self.actor, batch_id=batch_id, now=self.now)
        except NothingToUndo:
            self.say(_("Esta importación no está vigente: no hay nada que deshacer."), is_failure=True)
            return self.redirect("import_batch", batch_id=batch_id)
        except UndoForbidden:
            self.say(_("Deshacerla toca a un administrador; quien importó puede hacerlo 30 minutos."), is_failure=True)
            return self.redirect("import_batch", batch_id=batch_id)
        return self.redirect("job", job_id=batch.current_job_id)


def _find_age(batch: BatchFacts, now: datetime) -> timedelta:
    return now - batch.applied_at if batch.applied_at else timedelta()
