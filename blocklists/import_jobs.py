"""The jobs of imports, as the app `jobs` knows them."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from blocklists.services.run_import import end_import, run_import
from blocklists.services.start_import import IMPORT_JOB
from blocklists.services.undo_import import UNDO_JOB, end_undo, run_undo
from jobs.registry import JobKind, register_kind
from jobs.types import JobFacts

FAILURES: dict[str, str | Promise] = {
    "INVALID_ROWS": _("Hay filas no válidas, o ninguna es válida."),
    "EMPTY": _("El archivo no tiene filas."),
    "TOO_MANY_ROWS": _("El archivo tiene más filas de las que se pueden importar."),
    "FILE_LOST": _("La base de datos se reinició a la mitad y el archivo se perdió. Súbalo otra vez."),
    "NOT_RUNNING": _("La importación ya había terminado."),
}
"""What the codes of JobRefused mean."""


def _find_link(job: JobFacts) -> str:
    return reverse("import_batch", kwargs={"batch_id": job.parameters["batch_id"]})


def register() -> None:
    """Make the kinds known."""
    register_kind(
        JobKind(
            name=IMPORT_JOB,
            permission="blocklists:add",
            label=_("Importar a las listas"),
            unit=_("filas"),
            run=run_import,
            on_failure=end_import,
            find_link=_find_link,
            failures=FAILURES,
        )
    )
    register_kind(
        JobKind(
            name=UNDO_JOB,
            permission="blocklists:add",
            label=_("Deshacer una importación"),
            unit=_("valores"),
            run=run_undo,
            on_failure=end_undo,
            find_link=_find_link,
            failures=FAILURES,
        )
    )
