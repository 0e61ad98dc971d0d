"""`/dashboard/jobs/{id}`: a long piece of work, which goes on whether or not anybody looks."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actor_names import name_actors
from accounts.web.admission import MemberPage
from core.unit_of_work import unit_of_work
from jobs.access import SEE_JOBS, open_job
from jobs.services.cancel_job import cancel_job
from jobs.types import JobFacts
from jobs.web.rows import JobRow


class JobPage(MemberPage):
    """How far it has come."""

    permission = SEE_JOBS

    def get(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """Show the job. Raises JobNotFound, Forbidden."""
        job, kind = open_job(actor=self.actor, job_id=job_id)
        context = {
            "row": JobRow(job, kind, self.now),
            "person": self._name(job.requested_by),
            "now": self.now,
            "zone": self.member.organization.timezone,
            "steps": [{"label": _("Trabajos")}, {"label": str(kind.label)}],
        }
        return self.render("jobs/job.html", context)

    def _name(self, user_id: uuid.UUID | None) -> str:
        people = {user_id} if user_id else set()
        names = name_actors(organization_id=self.actor.organization_id, people=people, keys=()).people
        return names[user_id].shown if user_id in names else ""


class CancelJobPage(MemberPage):
    """Gives it up."""

    permission = SEE_JOBS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        """Ask for it to stop; sent twice, nothing more happens. Raises JobNotFound, Forbidden."""
        open_job(actor=self.actor, job_id=job_id)
        with unit_of_work():
            job = cancel_job(actor=self.actor, job_id=job_id, now=self.now)
        self.say(_("El trabajo ya había terminado.") if _is_late(job) else _("Se pidió cancelar el trabajo."))
        return self.redirect("job", job_id=job_id)


def _is_late(job: JobFacts) -> bool:
    return job.state.is_ended and job.cancel_requested_at is None
