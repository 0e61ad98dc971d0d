"""Several children, one life."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clausum.runner.children import Child, ChildSpec, Step
from clausum.runner.errors import RunnerError
from clausum.runner.supervise import ChildDied, StopRequested, Supervisor, describe_exit
from tests.clausum.runner.processes import DEAF, LAST_WORD, SLEEPER, exists, has_spoken, spec_of, wait_for

DIES = "import sys; print('the reason'); sys.exit(3)"


def supervise(*specs: ChildSpec, then: Callable[[Supervisor], None] = Supervisor.watch, into: list[Child]) -> None:
    """Start the children under a supervisor, do what is asked, and leave them, for inspection, in the list."""
    with Supervisor() as supervisor:
        into.extend(supervisor.start(spec) for spec in specs)
        then(supervisor)


def signal_myself(number: signal.Signals) -> Callable[[Supervisor], None]:
    """Return what is asked: send this process the signal, and watch."""

    def act(supervisor: Supervisor) -> None:
        os.kill(os.getpid(), number)
        supervisor.watch()

    return act


def send_later(number: signal.Signals, *, seconds: float) -> threading.Timer:
    """Send this process the signal after some time."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), number))
    timer.start()
    return timer


def test_one_death_ends_all_and_names_the_dead(tmp_path: Path) -> None:
    children: list[Child] = []
    specs = (spec_of(tmp_path, "survivor", SLEEPER), spec_of(tmp_path, "The web server", DIES))
    with pytest.raises(ChildDied) as caught:
        supervise(*specs, into=children)
    assert str(caught.value) == "The web server ended by itself (exit status 3), so everything else is being stopped."
    assert caught.value.child.last_words() == "the reason"
    assert [child.exit_status for child in children] == [-signal.SIGTERM, 3]


def test_an_end_without_a_fault_is_a_death_too(tmp_path: Path) -> None:
    with pytest.raises(ChildDied) as caught:
        supervise(spec_of(tmp_path, "The worker", "pass"), into=[])
    assert str(caught.value) == "The worker ended by itself (exit status 0), so everything else is being stopped."


def test_a_child_that_is_not_well_counts_as_dead(tmp_path: Path) -> None:
    children: list[Child] = []
    with pytest.raises(ChildDied) as caught:
        supervise(replace(spec_of(tmp_path, "PostgreSQL", SLEEPER), is_well=lambda: False), into=children)
    assert str(caught.value) == "PostgreSQL ended by itself (it is shutting down), so everything else is being stopped."
    assert children[0].is_running is False


def test_the_last_born_is_stopped_first(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    with Supervisor() as supervisor:
        for name in ("database", "worker", "web"):
            supervisor.start(spec_of(tmp_path, name, LAST_WORD, str(diary), name))
            wait_for(has_spoken(tmp_path / f"{name}.log"))
    assert diary.read_text() == "web\nworker\ndatabase\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_the_end(tmp_path: Path, number: signal.Signals) -> None:
    children: list[Child] = []
    with pytest.raises(StopRequested):
        supervise(spec_of(tmp_path, "child", SLEEPER), then=signal_myself(number), into=children)
    assert children[0].exit_status == -signal.SIGTERM


def test_a_hangup_ignored_by_nohup_stays_ignored(tmp_path: Path) -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Supervisor() as supervisor:
            supervisor.start(spec_of(tmp_path, "child", SLEEPER))
            os.kill(os.getpid(), signal.SIGHUP)
            supervisor.check()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)


def test_the_former_handlers_come_back() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = [signal.getsignal(number) for number in numbers]
    with Supervisor():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert [signal.getsignal(number) for number in numbers] == before


def test_a_signal_that_comes_twice_at_once_is_one_request(tmp_path: Path) -> None:
    children: list[Child] = []

    def act(supervisor: Supervisor) -> None:
        wait_for(has_spoken(tmp_path / "child.log"))
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        supervisor.watch()

    with pytest.raises(StopRequested):
        supervise(spec_of(tmp_path, "child", LAST_WORD, str(tmp_path / "diary"), "in peace"), then=act, into=children)
    assert children[0].exit_status == 0
    assert (tmp_path / "diary").read_text() == "in peace\n"


def test_asked_again_while_stopping_it_hurries(tmp_path: Path) -> None:
    ending = (Step(signal.SIGTERM, 60), Step(signal.SIGKILL, 5))
    began = time.monotonic()
    with Supervisor() as supervisor:
        child = supervisor.start(spec_of(tmp_path, "deaf", DEAF, ending=ending))
        wait_for(has_spoken(tmp_path / "deaf.log"))
        later = send_later(signal.SIGINT, seconds=1.5)
    later.join()
    assert child.exit_status == -signal.SIGKILL
    assert time.monotonic() - began < 40


def test_waiting_ends_when_a_child_dies(tmp_path: Path) -> None:
    def act(supervisor: Supervisor) -> None:
        supervisor.wait_until(lambda: False, what="The child", seconds=20)

    with pytest.raises(ChildDied):
        supervise(spec_of(tmp_path, "child", DIES), then=act, into=[])


def test_waiting_in_vain_says_for_what(tmp_path: Path) -> None:
    children: list[Child] = []

    def act(supervisor: Supervisor) -> None:
        supervisor.wait_until(lambda: False, what="The worker", seconds=0.2)

    with pytest.raises(RunnerError) as caught:
        supervise(spec_of(tmp_path, "child", SLEEPER), then=act, into=children)
    assert str(caught.value) == "The worker was not ready after 0 seconds."
    assert children[0].is_running is False


def test_waiting_ends_with_readiness(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        child = supervisor.start(spec_of(tmp_path, "child", SLEEPER))
        supervisor.wait_until(has_spoken(tmp_path / "child.log"), what="The child", seconds=20)
        assert child.is_running is True


def test_a_step_that_ends_well_is_not_a_death(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.run_to_end(spec_of(tmp_path, "step", "print('done')"))
        supervisor.check()
    assert (tmp_path / "step.log").read_text() == "done\n"


def test_a_step_that_fails_stops_the_rest(tmp_path: Path) -> None:
    children: list[Child] = []

    def act(supervisor: Supervisor) -> None:
        supervisor.run_to_end(spec_of(tmp_path, "The preparation", DIES))

    with pytest.raises(ChildDied) as caught:
        supervise(spec_of(tmp_path, "survivor", SLEEPER), then=act, into=children)
    assert caught.value.child.last_words() == "the reason"
    assert children[0].is_running is False


def test_a_request_to_stop_ends_a_step(tmp_path: Path) -> None:
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"

    def act(supervisor: Supervisor) -> None:
        send_later(signal.SIGTERM, seconds=2)
        supervisor.run_to_end(spec_of(tmp_path, "step", program))

    with pytest.raises(StopRequested):
        supervise(then=act, into=[])
    assert exists(int((tmp_path / "step.log").read_text())) is False


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "exit status 0"), (3, "exit status 3"), (-9, "killed by SIGKILL"), (None, "it is shutting down")],
)
def test_an_exit_in_words(status: int | None, words: str) -> None:
    assert describe_exit(status) == words
