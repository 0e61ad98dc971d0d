"""How long a job will still take."""

from datetime import datetime, timedelta

from jobs.types import JobFacts, JobState

SURE_AFTER = timedelta(seconds=3)
"""Before that, the pace says nothing."""


def estimate_time_left(job: JobFacts, *, now: datetime) -> timedelta | None:
    """Return how long the job will take at the pace of so far, or None while nobody can say."""
    if job.state is not JobState.RUNNING or job.started_at is None or not job.total_count or job.done_count <= 0:
        return None
    spent = now - job.started_at
    if spent < SURE_AFTER:
        return None
    return spent * (max(job.total_count - job.done_count, 0) / job.done_count)
