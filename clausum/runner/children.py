"""A child process: begun so that it cannot outlive the runner, ended by asking first."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clausum.runner.files import open_log, read_tail
from clausum.runner.identities import SAME, Identity, launch_command

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Step:
    """One step of an ending: the signal, and how many seconds the child then has."""

    signal: signal.Signals
    seconds: float


POLITE_ENDING = (Step(signal.SIGTERM, 10), Step(signal.SIGKILL, 5))


def always() -> bool:
    """Return True: nothing is known to be wrong."""
    return True


@dataclass(frozen=True)
class ChildSpec:
    """What to start, and how it ends.

    `death_signal` is what the kernel sends it should the runner itself be killed. A child that holds data is never
    hurried, and its helpers are left to it. `is_well` may tell of an end that the process itself drags out.
    """

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    identity: Identity = SAME
    ending: tuple[Step, ...] = POLITE_ENDING
    death_signal: signal.Signals = signal.SIGTERM
    holds_data: bool = False
    is_well: Callable[[], bool] = always
    descriptors: tuple[int, ...] = field(default=())


class Child:
    """A running child, in a session of its own: a terminal's Ctrl-C reaches only the runner, which keeps the order."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        log = open_log(spec.log)
        try:
            self._process = subprocess.Popen(
                launch_command(spec.command, identity=spec.identity, death_signal=spec.death_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=None if spec.environment is None else dict(spec.environment),
                cwd=spec.folder,
                start_new_session=True,
                pass_fds=spec.descriptors,
            )
        finally:
            os.close(log)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """The exit status, negative for a signal's number; None while it runs."""
        return self._process.poll()

    @property
    def is_running(self) -> bool:
        return self.exit_status is None

    def last_words(self) -> str:
        """Return the last 40 lines of its log."""
        return read_tail(self.spec.log)

    def wait(self, seconds: float) -> bool:
        """Return whether it ended within that time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=seconds)
        return not self.is_running

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        """End it step by step, then whatever it left of its group; `hurry` turns true to go on to the next step now."""
        for step in self.spec.ending:
            if not self.is_running:
                break
            self._send(step.signal)
            self._wait_in_step(step, hurry)
        if not self.spec.holds_data:
            self._send_to_group(signal.SIGKILL)

    def _wait_in_step(self, step: Step, hurry: Callable[[], bool]) -> None:
        deadline = time.monotonic() + step.seconds
        while time.monotonic() < deadline and not self.wait(POLL_SECONDS):
            if step.signal != signal.SIGKILL and not self.spec.holds_data and hurry():
                return

    def _send(self, number: signal.Signals) -> None:
        if number == signal.SIGKILL and not self.spec.holds_data:
            self._send_to_group(number)
        else:
            self._process.send_signal(number)

    def _send_to_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
