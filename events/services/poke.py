"""Tells a worker that there is something to dispatch or to check. A courtesy: the sweep finds it without."""

from core.broker import ask_worker

TASK = "events.tasks.dispatch_events"
CHECK_TASK = "events.tasks.check_chains"


def poke_dispatch() -> None:
    """Ask for a dispatch now; a broker that cannot be reached costs a line in the log and nothing else."""
    ask_worker(TASK, or_log="dispatch_not_poked")


def poke_check() -> None:
    """Ask for a verification to begin now; without a broker the sweep begins it."""
    ask_worker(CHECK_TASK, or_log="check_not_poked")
