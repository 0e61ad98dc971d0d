"""The kind of job that a backtest is."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assess.services.run_backtest import KIND, end_backtest, run_backtest
from jobs.registry import JobKind, register_kind
from jobs.types import JobFacts


def register() -> None:
    """Make the kind known to the workers and to the page of jobs."""
    register_kind(
        JobKind(
            name=KIND,
            permission="simulation:run",
            label=_("Backtest de una política"),
            unit=_("pagos"),
            run=run_backtest,
            on_failure=end_backtest,
            find_link=_find_link,
        )
    )


def _find_link(job: JobFacts) -> str:
    return reverse("backtest", kwargs={"backtest_id": job.parameters["backtest_id"]})
