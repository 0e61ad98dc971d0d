"""Included by the worker that the runner starts: says when tasks are taken, and lets no process outlive it."""

import os
import signal
from pathlib import Path

from celery.signals import beat_embedded_init, worker_process_init, worker_ready

from clausum.runner.launch import die_with_parent
from clausum.runner.services import READY_FILE


def note_ready(**_kwargs: object) -> None:
    """Make the file that the runner waits for."""
    if READY_FILE in os.environ:
        Path(os.environ[READY_FILE]).touch(mode=0o600)


def bind_to_worker(**_kwargs: object) -> None:
    """Let a process of the pool, and the clock, end at once with the worker: a killed one could not tell them."""
    die_with_parent(parent=os.getppid(), death_signal=signal.SIGKILL)


worker_ready.connect(note_ready)
worker_process_init.connect(bind_to_worker)
beat_embedded_init.connect(bind_to_worker)
