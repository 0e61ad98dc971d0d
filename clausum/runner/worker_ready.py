"""Included by the worker that the runner starts: tells it that tasks are being taken."""

import os
from pathlib import Path

from celery.signals import worker_ready

from clausum.runner.services import READY_FILE


def note_ready(**_kwargs: object) -> None:
    """Make the file that the runner waits for."""
    if READY_FILE in os.environ:
        Path(os.environ[READY_FILE]).touch(mode=0o600)


worker_ready.connect(note_ready)
