"""`./test` and its kin: a command that gets a throw-away PostgreSQL for as long as it runs."""

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import FrameType

from clausum.runner.environment import build_test_environment
from clausum.runner.identities import launch_command
from clausum.runner.postgres import throwaway_postgres

TEST_DATABASE_URL = "TEST_DATABASE_URL"
PARALLEL = ("-n", "2", "--dist", "loadfile")
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERACTIVE = ("--pdb", "--trace", "-s", "--collect-only", "--co")


def pytest_command(arguments: list[str]) -> list[str]:
    """Return pytest's command; in two processes unless the arguments choose, or want to talk to the terminal."""
    chooses = any(item in INTERACTIVE or item.startswith(("-n", "--numprocesses", "--dist")) for item in arguments)
    return [sys.executable, "-m", "pytest", *(() if chooses else PARALLEL), *arguments]


def with_postgres(command: list[str], *, variables: Mapping[str, str]) -> int:
    """Run the command with DATABASE_URL and the other variables of a test run, and return its exit status.

    TEST_DATABASE_URL names a real server instead; its role must be allowed to create databases.
    """
    real = variables.get(TEST_DATABASE_URL, "").strip()
    if real:
        return run_in_foreground(command, build_test_environment(variables, database_url=real))
    with throwaway_postgres() as server:
        return run_in_foreground(command, build_test_environment(variables, database_url=server.url()))


def run_in_foreground(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the command at this terminal and return its exit status; what signals this process gets are the command's."""
    launched = launch_command(command, death_signal=signal.SIGTERM)
    process = subprocess.Popen(launched, env=dict(environment))
    former = {number: signal.signal(number, _passer_on(process)) for number in PASSED_ON}
    try:
        return shell_status(process.wait())
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _passer_on(process: subprocess.Popen[bytes]) -> Callable[[int, FrameType | None], None]:
    """Return a handler that passes a signal on, but for a terminal's Ctrl-C, which the command got by itself."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)

    return pass_on


def shell_status(status: int) -> int:
    """Return an exit status as a shell gives it: 128 + the signal's number for a killed process."""
    return status if status >= 0 else 128 - status
