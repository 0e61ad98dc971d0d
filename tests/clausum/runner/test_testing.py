"""`./test` and `with-postgres`."""

import signal
import subprocess
import sys

import pytest

from clausum.runner.testing import pytest_command, shell_status, with_postgres
from tests.clausum.runner.processes import REPOSITORY

PROBE = """
import os, sys, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    role, fsync = connection.execute("SELECT current_user, current_setting('fsync')").fetchone()
sys.exit(0 if (role, fsync, os.environ["CLAUSUM_MODE"]) == ("clausum", "off", "test") else 9)
"""


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["-n", "2", "--dist", "loadfile"]),
        (["tests/core", "-k", "money"], ["-n", "2", "--dist", "loadfile", "tests/core", "-k", "money"]),
        (["-n", "4"], ["-n", "4"]),
        (["-n0"], ["-n0"]),
        (["--numprocesses=1"], ["--numprocesses=1"]),
        (["--pdb", "tests/core"], ["--pdb", "tests/core"]),
    ],
)
def test_two_processes_unless_the_arguments_choose(arguments: list[str], command: list[str]) -> None:
    assert pytest_command(arguments) == [sys.executable, "-m", "pytest", *command]


def test_a_command_gets_a_server_of_its_own() -> None:
    assert with_postgres([sys.executable, "-c", PROBE], variables={"DATABASE_URL": "postgresql://real/one"}) == 0


def test_a_real_server_may_be_named() -> None:
    program = "import os, sys; sys.exit(os.environ['DATABASE_URL'] != 'postgresql://real/one')"
    variables = {"TEST_DATABASE_URL": "postgresql://real/one"}
    assert with_postgres([sys.executable, "-c", program], variables=variables) == 0


def test_the_exit_status_is_the_commands() -> None:
    variables = {"TEST_DATABASE_URL": "postgresql://real/one"}
    assert with_postgres([sys.executable, "-c", "import sys; sys.exit(7)"], variables=variables) == 7
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert with_postgres([sys.executable, "-c", kill], variables=variables) == 137


@pytest.mark.parametrize(("status", "shell"), [(0, 0), (5, 5), (-signal.SIGINT, 130), (-signal.SIGKILL, 137)])
def test_a_status_as_a_shell_gives_it(status: int, shell: int) -> None:
    assert shell_status(status) == shell


def test_signals_are_passed_on_to_the_command() -> None:
    program = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(4)); print('here', flush=True); time.sleep(60)"
    )
    runner = subprocess.Popen(
        [sys.executable, "-m", "clausum.runner", "with-postgres", "--", sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=REPOSITORY,
    )
    assert runner.stdout is not None
    with runner.stdout:
        assert runner.stdout.readline() == b"here\n"
        runner.terminate()
        assert runner.wait(30) == 4


def test_a_command_that_is_not_known_is_told_the_ones_that_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clausum.runner", "dance"], capture_output=True, text=True, cwd=REPOSITORY, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m clausum.runner run ")
