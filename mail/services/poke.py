"""Tells a worker that there is something to send. A courtesy: the sweep finds it without."""

from core.broker import ask_worker

TASK = "mail.tasks.send_mails"


def poke_sending() -> None:
    """Ask for the queue to be sent now; a broker that cannot be reached costs a line in the log and nothing else."""
    ask_worker(TASK, or_log="mail_not_poked")
