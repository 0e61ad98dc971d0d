"""A job as its page says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jobs.registry import JobKind
from jobs.rules.time_left import estimate_time_left
from jobs.types import JobFacts, JobState

_STATES: dict[JobState, tuple[str | Promise, str]] = {
    JobState.QUEUED: (gettext_lazy("En espera"), ""),
    JobState.RUNNING: (gettext_lazy("En curso"), "accent"),
    JobState.DONE: (gettext_lazy("Terminado"), "accent"),
    JobState.FAILED: (gettext_lazy("Falló"), "danger"),
    JobState.CANCELLED: (gettext_lazy("Cancelado"), ""),
}
_FAILURES: dict[str, str | Promise] = {
    "INTERNAL_ERROR": gettext_lazy("Algo falló de nuestro lado varias veces seguidas."),
    "WORKER_LOST": gettext_lazy("El proceso que lo hacía se detuvo varias veces seguidas."),
    "UNKNOWN_KIND": gettext_lazy("Esta versión de Clausum ya no hace este trabajo."),
}
_MINUTE = timedelta(minutes=1)


def say_failure(code: str, words: Mapping[str, str | Promise]) -> str:
    """Return why a job failed by its kind's words or those of all jobs; never the code itself."""
    return str(words.get(code) or _FAILURES.get(code) or _("No se pudo terminar."))


@dataclass(frozen=True)
class JobRow:
    """What a template, and the script that keeps the page up to date, say of a job."""

    job: JobFacts
    kind: JobKind
    now: datetime

    @property
    def state(self) -> str:
        return _("Cancelando") if self.job.is_cancelling else str(_STATES[self.job.state][0])

    @property
    def tone(self) -> str:
        return _STATES[self.job.state][1]

    @property
    def is_ended(self) -> bool:
        return self.job.state.is_ended

    @property
    def is_done(self) -> bool:
        return self.job.state is JobState.DONE

    @property
    def is_failed(self) -> bool:
        return self.job.state is JobState.FAILED

    @property
    def is_cancelled(self) -> bool:
        return self.job.state is JobState.CANCELLED

    @property
    def failure(self) -> str:
        """Return why it failed, in words."""
        return say_failure(self.job.error_code, self.kind.failures)

    @property
    def percent(self) -> int:
        """Return the part that is done, of a hundred."""
        if not self.job.total_count:
            return 100 if self.is_done else 0
        return min(100 * self.job.done_count // self.job.total_count, 100)

    @property
    def progress(self) -> str:
        given = {"done": f"{self.job.done_count:,}", "total": f"{self.job.total_count or 0:,}", "unit": self.kind.unit}
        if self.job.total_count is None:
            return _("%(done)s %(unit)s") % given
        return _("%(done)s de %(total)s %(unit)s") % given

    @property
    def time_left(self) -> str:
        """Return how long it will take in words, empty while nobody can say."""
        left = estimate_time_left(self.job, now=self.now)
        if left is None:
            return ""
        if left < _MINUTE:
            return _("Queda menos de un minuto")
        minutes = -(-left // _MINUTE)
        return ngettext("Queda %(count)s minuto", "Quedan %(count)s minutos", minutes) % {"count": minutes}

    @property
    def link(self) -> str:
        """Return the address of what came of it, empty when there is none."""
        return self.kind.find_link(self.job) if self.is_ended and self.kind.find_link else ""
