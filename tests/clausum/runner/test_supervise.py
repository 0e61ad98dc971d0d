"""Several children, one life."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from clausum.runner.children import ChildSpec, Step
from clausum.runner.errors import RunnerError
from clausum.runner.supervise import ChildDied, StopRequested, Supervisor, describe_exit
from tests.clausum.runner.processes import DEAF, LAST_WORD, SLEEPER, exists, has_spoken, spec_of, wait_for

DIES = "import sys; print('the reason'); sys.exit(3)"


def send_later(number: signal.Signals, *, seconds: float) -> threading.Timer:
    """Send this process the signal after some time."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), number))
    timer.start()
    return timer


def test_one_death_ends_all_and_names_the_dead(tmp_path: Path) -> None:
    with pytest.raises(ChildDied) as caught, Supervisor() as supervisor:
        survivor = supervisor.start(spec_of(tmp_path, "survivor", SLEEPER))
        supervisor.start(spec_of(tmp_path, "The web server", DIES))
        supervisor.watch()
    assert str(caught.value) == ("The web server ended by itself (exit status 3), so everything else is being stopped.")
    assert caught.value.child.last_words() == "the reason"
    assert survivor.exit_status == -signal.SIGTERM


def test_an_end_without_a_fault_is_a_death_too(tmp_path: Path) -> None:
    with pytest.raises(ChildDied) as caught, Supervisor() as supervisor:
        supervisor.start(spec_of(tmp_path, "The worker", "pass"))
        supervisor.watch()
    assert str(caught.value) == "The worker ended by itself (exit status 0), so everything else is being stopped."


def test_a_child_that_is_not_well_counts_as_dead(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "PostgreSQL", SLEEPER)
    ailing = ChildSpec(name=spec.name, command=spec.command, log=spec.log, is_well=lambda: False)
    with pytest.raises(ChildDied) as caught, Supervisor() as supervisor:
        supervisor.start(ailing)
        supervisor.watch()
    assert str(caught.value) == (
        "PostgreSQL ended by itself (it is shutting down), so everything else is being stopped."
    )


def test_the_last_born_is_stopped_first(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    with Supervisor() as supervisor:
        for name in ("database", "worker", "web"):
            supervisor.start(spec_of(tmp_path, name, LAST_WORD, str(diary), name))
            wait_for(has_spoken(tmp_path / f"{name}.log"))
    assert diary.read_text() == "web\nworker\ndatabase\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_the_end(tmp_path: Path, number: signal.Signals) -> None:
    with pytest.raises(StopRequested), Supervisor() as supervisor:
        child = supervisor.start(spec_of(tmp_path, "child", SLEEPER))
        os.kill(os.getpid(), number)
        supervisor.watch()
    assert child.exit_status == -signal.SIGTERM


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
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)]
    with Supervisor():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)]
    assert after == before


def test_a_signal_that_comes_twice_at_once_is_one_request(tmp_path: Path) -> None:
    with pytest.raises(StopRequested), Supervisor() as supervisor:
        child = supervisor.start(spec_of(tmp_path, "child", LAST_WORD, str(tmp_path / "diary"), "in peace"))
        wait_for(has_spoken(tmp_path / "child.log"))
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        supervisor.watch()
    assert child.exit_status == 0
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
    assert time.monotonic() - began < 20


def test_waiting_ends_when_a_child_dies(tmp_path: Path) -> None:
    with pytest.raises(ChildDied), Supervisor() as supervisor:
        supervisor.start(spec_of(tmp_path, "child", DIES))
        supervisor.wait_until(lambda: False, what="The child", seconds=20)


def test_waiting_in_vain_says_for_what(tmp_path: Path) -> None:
    with pytest.raises(RunnerError) as caught, Supervisor() as supervisor:
        child = supervisor.start(spec_of(tmp_path, "child", SLEEPER))
        supervisor.wait_until(lambda: False, what="The worker", seconds=0.2)
    assert str(caught.value) == "The worker was not ready after 0 seconds."
    assert child.is_running is False


def test_waiting_ends_with_readiness(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.start(spec_of(tmp_path, "child", SLEEPER))
        supervisor.wait_until(has_spoken(tmp_path / "child.log"), what="The child", seconds=20)


def test_a_step_that_ends_well_is_not_a_death(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.run_to_end(spec_of(tmp_path, "step", "print('done')"))
        supervisor.check()
    assert (tmp_path / "step.log").read_text() == "done\n"


def test_a_step_that_fails_stops_the_rest(tmp_path: Path) -> None:
    with pytest.raises(ChildDied) as caught, Supervisor() as supervisor:
        survivor = supervisor.start(spec_of(tmp_path, "survivor", SLEEPER))
        supervisor.run_to_end(spec_of(tmp_path, "The preparation", DIES))
    assert caught.value.child.last_words() == "the reason"
    assert survivor.is_running is False


def test_a_request_to_stop_ends_a_step(tmp_path: Path) -> None:
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    with pytest.raises(StopRequested), Supervisor() as supervisor:
        send_later(signal.SIGTERM, seconds=2)
        supervisor.run_to_end(spec_of(tmp_path, "step", program))
    assert exists(int((tmp_path / "step.log").read_text())) is False


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "exit status 0"), (3, "exit status 3"), (-9, "killed by SIGKILL"), (None, "it is shutting down")],
)
def test_an_exit_in_words(status: int | None, words: str) -> None:
    assert describe_exit(status) == words
