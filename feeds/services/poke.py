"""Tells a worker that there is something to fetch or to load. A courtesy: the sweep finds it without."""

from django.db import transaction

from core.broker import ask_worker
from core.unit_of_work import after_commit

TASK = "feeds.tasks.refresh_feeds"


def poke_refresh() -> None:
    """Ask for a sweep now; a broker that cannot be reached costs a line in the log and nothing else."""
    ask_worker(TASK, or_log="feeds_not_poked")


def poke_once() -> None:
    """Poke after commit; once, whatever the unit of work has to do."""
    if not any(entry[1] is poke_refresh for entry in transaction.get_connection().run_on_commit):
        after_commit(poke_refresh)
