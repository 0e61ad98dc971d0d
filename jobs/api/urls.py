"""Routes of jobs, included at `api/v1/`."""

from django.urls import path

from jobs.api.views import CancelJobView, JobView

urlpatterns = [
    path("jobs/<uuid:job_id>", JobView.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/cancel", CancelJobView.as_view(), name="api-job-cancel"),
]
