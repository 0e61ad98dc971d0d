"""Children: how they begin, how they end, and that they do not outlive the runner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clausum.runner.children import Child, ChildSpec, Step
from tests.clausum.runner.processes import DEAF, LAST_WORD, REPOSITORY, SLEEPER, exists, has_spoken, spec_of, wait_for

PARENT = """
import sys, time
from pathlib import Path
from clausum.runner.children import Child, ChildSpec
child = Child(ChildSpec(name="child", command=[sys.executable, "-c", sys.argv[2]], log=Path(sys.argv[1])))
print(child.pid, flush=True)
time.sleep(60)
"""
FAMILY = """
import subprocess, sys, time
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("helper", helper.pid, flush=True)
time.sleep(60)
"""
REPORT = """
import os, signal
print("session", os.getsid(0) == os.getpid())
print("ignored", [number.name for number in (signal.SIGINT, signal.SIGPIPE) if signal.getsignal(number) == signal.SIG_IGN])
print("blocked", signal.pthread_sigmask(signal.SIG_BLOCK, []))
print("variable", os.environ.get("COLOUR"))
"""
HEIR = """
import contextlib, os
found = []
for number in range(256):
    with contextlib.suppress(OSError):
        os.fstat(number)
        found.append(number)
print(found)
"""


def start(spec: ChildSpec) -> Child:
    child = Child(spec)
    wait_for(has_spoken(spec.log))
    return child


def test_a_running_child_has_no_exit_status(tmp_path: Path) -> None:
    child = start(spec_of(tmp_path, "sleeper", SLEEPER))
    assert (child.is_running, child.exit_status) == (True, None)
    child.stop()
    assert (child.is_running, child.exit_status) == (False, -signal.SIGTERM)


def test_a_deaf_child_is_killed_after_its_time(tmp_path: Path) -> None:
    ending = (Step(signal.SIGTERM, 0.3), Step(signal.SIGKILL, 5))
    child = start(spec_of(tmp_path, "deaf", DEAF, ending=ending))
    began = time.monotonic()
    child.stop()
    assert child.exit_status == -signal.SIGKILL
    assert 0.3 <= time.monotonic() - began < 3


def test_hurry_goes_to_the_next_step_at_once(tmp_path: Path) -> None:
    ending = (Step(signal.SIGTERM, 60), Step(signal.SIGKILL, 5))
    child = start(spec_of(tmp_path, "deaf", DEAF, ending=ending))
    began = time.monotonic()
    child.stop(hurry=lambda: True)
    assert child.exit_status == -signal.SIGKILL
    assert time.monotonic() - began < 3


def test_a_child_that_holds_data_is_never_hurried(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DEAF]
    ending = (Step(signal.SIGTERM, 0.5), Step(signal.SIGKILL, 5))
    child = start(ChildSpec(name="data", command=command, log=tmp_path / "data.log", ending=ending, holds_data=True))
    began = time.monotonic()
    child.stop(hurry=lambda: True)
    assert time.monotonic() - began >= 0.5
    assert child.exit_status == -signal.SIGKILL


def test_helpers_that_a_child_leaves_are_ended_with_it(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "family", FAMILY)
    child = Child(spec)
    wait_for(has_spoken(spec.log, "helper"))
    helper = int(spec.log.read_text().split()[1])
    assert exists(helper) is True
    child.stop()
    wait_for(lambda: not exists(helper))


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    child = start(spec_of(tmp_path, "sleeper", SLEEPER))
    child.stop()
    child.stop()
    assert child.exit_status == -signal.SIGTERM


def test_a_child_may_end_in_its_own_way(tmp_path: Path) -> None:
    child = start(spec_of(tmp_path, "polite", LAST_WORD, str(tmp_path / "diary"), "goodbye"))
    child.stop()
    assert child.exit_status == 0
    assert (tmp_path / "diary").read_text() == "goodbye\n"


def test_a_child_starts_with_a_session_and_clean_signals(tmp_path: Path) -> None:
    spec = ChildSpec(
        name="report",
        command=[sys.executable, "-S", "-c", f"import signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n{REPORT}"],
        log=tmp_path / "report.log",
        environment={"COLOUR": "green"},
    )
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = Child(spec)
    finally:
        signal.signal(signal.SIGINT, former)
    assert child.wait(10) is True
    assert spec.log.read_text().splitlines() == [
        "session True",
        "ignored []",
        "blocked set()",
        "variable green",
    ]


def test_a_program_that_is_missing_ends_with_a_reason(tmp_path: Path) -> None:
    child = Child(ChildSpec(name="none", command=[str(tmp_path / "none")], log=tmp_path / "none.log"))
    assert child.wait(10) is True
    assert child.exit_status == 125
    assert child.last_words() == f"cannot start {tmp_path}/none: [Errno 2] No such file or directory"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_child_ends_when_the_runner_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "child.log"), SLEEPER], stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    wait_for(has_spoken(tmp_path / "child.log"))
    parent.kill()
    parent.wait()
    wait_for(lambda: not exists(pid))


def test_a_child_reads_nothing_from_the_terminal(tmp_path: Path) -> None:
    child = Child(spec_of(tmp_path, "reader", "import sys; print('read', repr(sys.stdin.read()))"))
    assert child.wait(10) is True
    assert child.last_words() == "read ''"


def test_a_child_gets_the_named_descriptors_only(tmp_path: Path) -> None:
    given, kept = os.pipe()
    log = tmp_path / "heir.log"
    child = Child(ChildSpec(name="heir", command=[sys.executable, "-c", HEIR], log=log, descriptors=(given,)))
    os.close(given)
    os.close(kept)
    assert child.wait(10) is True
    assert child.last_words() == str([0, 1, 2, given])
