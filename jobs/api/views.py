"""`/api/v1/jobs/{id}`: how far a long piece of work has come."""

import uuid

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.api.admission import SessionView
from core.api.openapi import MANAGEMENT, documented
from core.api.responses import json_response
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from jobs.access import SEE_JOBS, open_job
from jobs.api.bodies import JobBody, make_job_body
from jobs.services.cancel_job import cancel_job

_TAG = "Jobs"


class JobView(SessionView):
    """One job of the session's organization and environment."""

    permission = SEE_JOBS

    @documented(
        "get_job", summary="See how far a job has come", tag=_TAG, credential=MANAGEMENT, responses={200: JobBody}
    )
    def get(self, request: Request, job_id: uuid.UUID) -> HttpResponse:
        """Return its state, what is done of how much, the seconds left, and its result once it is done."""
        job, _kind = open_job(actor=self.actor, job_id=job_id)
        return json_response(make_job_body(job, now=read_clock()))


class CancelJobView(SessionView):
    """Gives a job up."""

    permission = SEE_JOBS

    @documented("cancel_job", summary="Give a job up", tag=_TAG, credential=MANAGEMENT, responses={200: JobBody})
    def post(self, request: Request, job_id: uuid.UUID) -> HttpResponse:
        """Ask for the job to stop, which takes seconds while a worker has it; one that has ended stays as it is."""
        open_job(actor=self.actor, job_id=job_id)
        now = read_clock()
        with unit_of_work():
            job = cancel_job(actor=self.actor, job_id=job_id, now=now)
        return json_response(make_job_body(job, now=now))
