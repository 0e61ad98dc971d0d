"""The gate at which servers wait, and the servers that wait there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clausum.runner.gate import Gate, wait_at
from tests.clausum.runner.processes import REPOSITORY

WAITER = "import sys; from clausum.runner.gate import wait_at; print(wait_at(int(sys.argv[1])))"


def start_waiting(gate: Gate, *command: str, folder: Path = REPOSITORY) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        pass_fds=(gate.waiting_end,),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
    )


def test_an_open_gate_lets_so_many_through() -> None:
    with Gate() as gate:
        first, second = (start_waiting(gate, "-c", WAITER, str(gate.waiting_end)) for _ in range(2))
        gate.let_go(processes=2)
        assert first.communicate(timeout=30)[0] == "True\n"
        assert second.communicate(timeout=30)[0] == "True\n"


def test_a_gate_whose_holder_is_gone_stays_closed() -> None:
    with Gate() as gate:
        waiter = start_waiting(gate, "-c", WAITER, str(gate.waiting_end))
        assert waiter.poll() is None
    assert waiter.communicate(timeout=30)[0] == "False\n"


def test_the_end_is_closed_after_the_wait() -> None:
    gate = Gate()
    own_end = os.dup(gate.waiting_end)
    gate.let_go(processes=1)
    assert wait_at(own_end) is True
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(own_end)
    with gate:
        pass


@pytest.mark.parametrize("program", ["gunicorn", "celery"])
def test_a_held_server_becomes_its_program(program: str) -> None:
    with Gate() as gate:
        server = start_waiting(gate, "-m", "clausum.runner.held", str(gate.waiting_end), program, "--version")
        gate.let_go(processes=1)
        output, _ = server.communicate(timeout=120)
    assert server.returncode == 0
    assert output.startswith({"gunicorn": "gunicorn (version ", "celery": "5."}[program])


def test_a_held_server_ends_with_the_runner() -> None:
    with Gate() as gate:
        server = start_waiting(gate, "-m", "clausum.runner.held", str(gate.waiting_end), "gunicorn", "--version")
    output, _ = server.communicate(timeout=120)
    assert (server.returncode, output) == (1, "the runner has gone\n")
