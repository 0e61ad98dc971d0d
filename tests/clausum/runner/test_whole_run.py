"""`./run` from nothing to a decision and back to nothing."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausum.runner.ports import find_free_port
from clausum.runner.postmasters import read_postmaster
from tests.clausum.runner.processes import REPOSITORY, exists, wait_for

LAST_LINE = "Ctrl-C stops everything"
pytestmark = pytest.mark.timeout(400)


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    """Start the runner as a user would who has set nothing; its terminal is a pipe."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    command = [sys.executable, "-m", "clausum.runner", "run", "--folder", str(folder), "--port", str(port)]
    return subprocess.Popen(
        command, env=kept, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def read_until(process: subprocess.Popen[str], word: str) -> list[str]:
    """Return the lines up to the one with the word; the test fails when the process ends before."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if word in line:
            return lines
    raise AssertionError("\n".join(lines))


def pasted_command(lines: list[str]) -> str:
    """Return the curl command, as somebody would copy it."""
    first = next(index for index, line in enumerate(lines) if line.startswith("curl "))
    return "\n".join(lines[first : lines.index("", first)])


def descendants(pid: int) -> set[int]:
    """Return the numbers of all processes below one."""
    below: set[int] = set()
    for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        below |= {int(number)} | descendants(int(number))
    return below


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path, list[str]]]:
    folder = tmp_path_factory.mktemp("whole") / ".run"
    process = start(folder, find_free_port())
    try:
        yield process, folder, read_until(process, LAST_LINE)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_printed_command_gets_a_decision(running: tuple[subprocess.Popen[str], Path, list[str]]) -> None:
    _process, _folder, lines = running
    done = subprocess.run(["/bin/sh", "-c", pasted_command(lines)], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert (answer["flow"], answer["payment_id"]) == ("payout", "pay_demo_001")
    assert answer["decision"] == "approve"


def test_the_demo_is_a_private_file_with_the_address(running: tuple[subprocess.Popen[str], Path, list[str]]) -> None:
    _process, folder, lines = running
    demo = json.loads((folder / "demo.json").read_text())
    assert stat.S_IMODE((folder / "demo.json").stat().st_mode) == 0o600
    assert f"Clausum is ready: {demo['base_url']}" in lines
    assert {item["organization_type"] for item in demo["organizations"]} == {"banco", "comercio", "psp"}


def test_a_second_start_in_the_folder_is_refused(running: tuple[subprocess.Popen[str], Path, list[str]]) -> None:
    process, folder, _lines = running
    second = start(folder, find_free_port())
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert output.startswith("Clausum already runs from this folder at http://127.0.0.1:")
    assert f"(process {process.pid})" in output
    assert process.poll() is None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_runner_leaves_nothing_and_a_stop_is_clean(tmp_path: Path) -> None:
    first = start(tmp_path / ".run", find_free_port())
    read_until(first, "Worker: ready")
    left = descendants(first.pid)
    assert len(left) > 6
    first.kill()
    first.communicate()
    wait_for(lambda: not any(exists(pid) for pid in left), seconds=60)
    second = start(tmp_path / ".run", find_free_port())
    read_until(second, "Worker: ready")
    below = descendants(second.pid)
    second.send_signal(signal.SIGINT)
    output, _ = second.communicate(timeout=120)
    assert second.returncode == 0
    assert output.splitlines()[-2:] == ["Stopping: the web server, the worker, the database.", "Stopped."]
    assert [pid for pid in below if exists(pid)] == []
    assert read_postmaster(tmp_path / ".run" / "postgres" / "data") is None
    assert "database system is shut down" in (tmp_path / ".run" / "log" / "postgres.log").read_text()
