"""Pages of jobs."""

from django.urls import path

from jobs.web.views import CancelJobPage, JobPage

urlpatterns = [
    path("dashboard/jobs/<uuid:job_id>", JobPage.as_view(), name="job"),
    path("dashboard/jobs/<uuid:job_id>/cancel", CancelJobPage.as_view(), name="job_cancel"),
]
