"""Tells a worker that there is a job to take on. A courtesy: the sweep finds it without."""

from core.broker import ask_worker

TASK = "jobs.tasks.run_jobs"


def poke_jobs() -> None:
    """Ask for jobs to be taken on now; a broker that cannot be reached costs a line in the log and nothing else."""
    ask_worker(TASK, or_log="jobs_not_poked")
