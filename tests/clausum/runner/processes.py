"""Tiny programs and waits for the runner's tests."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from clausum.runner.children import ChildSpec, Step

REPOSITORY = Path(__file__).resolve().parents[3]
SLEEPER = "import time; print('here', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
LAST_WORD = """
import pathlib, signal, sys, time
def leave(*_):
    with pathlib.Path(sys.argv[1]).open("a") as diary:
        diary.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("here", flush=True)
time.sleep(60)
"""


def spec_of(
    folder: Path, name: str, program: str, *arguments: str, ending: tuple[Step, ...] | None = None
) -> ChildSpec:
    """Return the specification of a Python one-liner, whose log lies in the folder."""
    command = [sys.executable, "-c", program, *arguments]
    if ending is None:
        return ChildSpec(name=name, command=command, log=folder / f"{name}.log")
    return ChildSpec(name=name, command=command, log=folder / f"{name}.log", ending=ending)


def wait_for(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until the condition holds; the test fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def has_spoken(log: Path, word: str = "here") -> Callable[[], bool]:
    """Return a condition: the child has written the word."""
    return lambda: log.exists() and word in log.read_text()


def exists(pid: int) -> bool:
    """Return whether the process runs; one that ended and waits for its parent's question does not count."""
    try:
        os.kill(pid, 0)
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
