"""Several children, one life: readiness in order, one death ends all, and a signal ends them last-born first."""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

from clausum.runner.children import Child, ChildSpec
from clausum.runner.errors import RunnerError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CHECK_SECONDS = 0.05
IDLE_SECONDS = 2.0
SAME_REQUEST_SECONDS = 1.0

Handler = Callable[[int, FrameType | None], object] | int | None


class StopRequested(Exception):
    """Somebody asked the runner to end: Ctrl-C, SIGTERM, or the terminal was closed."""


class ChildDied(RunnerError):
    """A child ended that should have stayed; carries the child, whose log says why."""

    def __init__(self, child: Child) -> None:
        super().__init__(
            f"{child.name} ended by itself ({describe_exit(child.exit_status)}), so everything else is being stopped."
        )
        self.child = child


def describe_exit(status: int | None) -> str:
    """Return an exit status in words: `exit status 3`, or `killed by SIGKILL`; without one it is on its way out."""
    if status is None:
        return "it is shutting down"
    return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"


class Supervisor:
    """Holds the children from first to last. Use it as a context, in the main thread: leaving it stops all of them."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._is_asked_to_stop = False
        self._stopping_since: float | None = None
        self._is_hurried = False
        self._former: dict[signal.Signals, Handler] = {}
        self._former_wakeup = -1
        self._wake_reader, self._wake_writer = -1, -1

    def __enter__(self) -> Self:
        self._wake_reader, self._wake_writer = os.pipe()
        for end in (self._wake_reader, self._wake_writer):
            os.set_blocking(end, False)
        self._former_wakeup = signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        for number in (*STOP_SIGNALS, signal.SIGCHLD):
            handler = self._note_child if number == signal.SIGCHLD else self._note_request
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                self._former[number] = signal.signal(number, handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop_all()
        for number, former in self._former.items():
            signal.signal(number, former)
        signal.set_wakeup_fd(self._former_wakeup)
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _note_request(self, _number: int, _frame: FrameType | None) -> None:
        """Ask for the end; asked again a second later or more, stop waiting politely (some shells signal twice)."""
        self._is_asked_to_stop = True
        if self._stopping_since is not None and time.monotonic() - self._stopping_since > SAME_REQUEST_SECONDS:
            self._is_hurried = True

    def _note_child(self, _number: int, _frame: FrameType | None) -> None:
        """Nothing to do: the signal has ended the wait, and the loop looks who it was."""

    def start(self, spec: ChildSpec) -> Child:
        """Start a child that must stay."""
        return self.add(Child(spec))

    def add(self, child: Child) -> Child:
        """Take charge of a child that was started elsewhere."""
        self._children.append(child)
        return child

    def check(self) -> None:
        """Raise StopRequested or ChildDied when it is so."""
        if self._is_asked_to_stop:
            raise StopRequested
        for child in self._children:
            if not child.is_running or not child.spec.is_well():
                raise ChildDied(child)

    def wait_until(self, is_ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Wait for readiness. Raises StopRequested, ChildDied, or RunnerError when the time is over."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise RunnerError(f"{what} was not ready after {seconds:.0f} seconds.")
            self._sleep(CHECK_SECONDS)

    def run_to_end(self, spec: ChildSpec) -> None:
        """Run a child that should end by itself. Raises ChildDied when it fails, else as `check` does."""
        child = Child(spec)
        try:
            while child.is_running:
                self.check()
                self._sleep(CHECK_SECONDS)
        finally:
            child.stop()
        if child.exit_status != 0:
            raise ChildDied(child)

    def watch(self) -> None:
        """Wait until StopRequested or ChildDied can be raised."""
        while True:
            self.check()
            self._sleep(IDLE_SECONDS)

    def stop_all(self) -> None:
        """Stop the children in the reverse order of their start, each before the next."""
        self._stopping_since = time.monotonic()
        while self._children:
            self._children[-1].stop(hurry=lambda: self._is_hurried)
            self._children.pop()

    def _sleep(self, seconds: float) -> None:
        select.select([self._wake_reader], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 4096)
