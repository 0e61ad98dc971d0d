"""Tells a worker that there is something to dispatch. A courtesy: the sweep finds it without."""

from core.broker import ask_worker

TASK = "events.tasks.dispatch_events"


def poke_dispatch() -> None:
    """Ask for a dispatch now; a broker that cannot be reached costs a line in the log and nothing else."""
    ask_worker(TASK, or_log="dispatch_not_poked")
