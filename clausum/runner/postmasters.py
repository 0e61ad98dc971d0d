"""What a data folder tells about the server that uses it, by PostgreSQL's own `postmaster.pid`."""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clausum.runner.errors import RunnerError

STATUS_LINE = 7
"""Index of the status line (LOCK_FILE_LINE_PM_STATUS - 1). Source: src/include/utils/pidfile.h."""
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Postmaster:
    """The server process that the data folder names."""

    pid: int
    is_ready: bool


def read_postmaster(data: Path) -> Postmaster | None:
    """Return the server named in the folder, or None; it may be long dead."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        is_ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
        return Postmaster(pid=int(lines[0]), is_ready=is_ready)
    except (FileNotFoundError, ValueError, IndexError):
        return None


def is_serving(data: Path) -> bool:
    """Return whether the server takes connections; a SIGTERM makes it wait for its clients to go, and take no more."""
    named = read_postmaster(data)
    return named is not None and named.is_ready


def is_alive(pid: int) -> bool:
    """Return whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def serves(pid: int, data: Path) -> bool:
    """Return whether the process works in the data folder, as a PostgreSQL server does; numbers are used again."""
    if sys.platform != "linux":
        return is_alive(pid)
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def stop_stale_postmaster(data: Path) -> bool:
    """Stop a server that a killed runner left behind, and return whether there was one.

    The caller must hold the folder's lock: so a living server here has no runner. A number that now belongs to a
    stranger is struck out, since the server would take it for a rival. Raises RunnerError when it will not end.
    """
    left = read_postmaster(data)
    if left is None or not is_alive(left.pid):
        return False
    if not serves(left.pid, data):
        (data / "postmaster.pid").unlink()
        return False
    _interrupt(left.pid, data)
    return True


def _interrupt(pid: int, data: Path) -> None:
    """Ask for a fast shutdown and wait for it; a dead process that nobody has buried counts as gone."""
    deadline = time.monotonic() + STOP_SECONDS
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    while is_alive(pid) and serves(pid, data):
        if time.monotonic() > deadline:
            raise RunnerError(f"PostgreSQL of an earlier run (process {pid}) does not stop: end it, then start again.")
        time.sleep(0.05)
