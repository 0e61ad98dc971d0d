"""The processes of a running system: what prepares it, the web server, the worker."""

import http.client
import signal
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from clausum.runner.children import ChildSpec, Step
from clausum.runner.folder import REPOSITORY, RunFolder

HEALTH_PATH = "/api/v1/health"
WORKER_ENDING = (Step(signal.SIGTERM, 9), Step(signal.SIGQUIT, 4), Step(signal.SIGKILL, 5))
"""Finish the running tasks, then drop them (they are delivered again), then no more asking. Source: Celery's guide.

An idle worker takes up to 5 s to notice: it waits 2 s for messages, and its pool ends in steps of 0.8 s.
"""
READY_FILE = "CLAUSUM_WORKER_READY_FILE"


def preparation(folder: RunFolder, environment: Mapping[str, str], *, with_demo: bool) -> ChildSpec:
    """Return the process that migrates, installs the queues, and fills in the demo."""
    demo = ["--demo", str(folder.demo)] if with_demo else []
    return ChildSpec(
        name="The preparation of the database",
        command=[sys.executable, "-m", "clausum.runner.prepare", *demo],
        log=folder.log("prepare"),
        environment=environment,
        folder=REPOSITORY,
    )


def held(program: str, *, gate: int) -> list[str]:
    """Return the beginning of a command that imports all it needs and waits at the gate, a pipe's reading end."""
    return [sys.executable, "-m", "clausum.runner.held", str(gate), program]


def web(folder: RunFolder, environment: Mapping[str, str], *, listener: int, gate: int) -> ChildSpec:
    """Return the web server; it serves on the descriptor of a socket that listens already, once the gate opens."""
    options = ["-c", "python:clausum.runner.gunicorn_conf", "--preload", "--bind", f"fd://{listener}"]
    return ChildSpec(
        name="The web server",
        command=[*held("gunicorn", gate=gate), *options, "clausum.wsgi:application"],
        log=folder.log("web"),
        environment=environment,
        folder=REPOSITORY,
        descriptors=(listener, gate),
    )


def worker(folder: RunFolder, environment: Mapping[str, str], *, gate: int) -> ChildSpec:
    """Return the Celery worker with its clock (there is one worker here, so one clock), once the gate opens.

    When the runner is killed, PostgreSQL ends too, and a worker without it may hang in any gentler end: so it is killed
    as well, and its tasks are delivered again. Workers do not greet each other, for pgmq 1.1 lacks the function by
    which kombu 5.7 sends to all of them.
    """
    folder.worker_ready.unlink(missing_ok=True)
    options = ["--beat", "--schedule", str(folder.beat_schedule), "--concurrency", "2"]
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    options += ["--loglevel", "INFO", "--include", "clausum.runner.worker_hooks"]
    return ChildSpec(
        name="The worker",
        command=[*held("celery", gate=gate), "-A", "clausum", "worker", *options],
        log=folder.log("worker"),
        environment={**environment, READY_FILE: str(folder.worker_ready)},
        folder=REPOSITORY,
        ending=WORKER_ENDING,
        death_signal=signal.SIGKILL,
        descriptors=(gate,),
    )


def answers(local_address: str, *, public_address: str) -> bool:
    """Return whether the health address answers 200 on this machine, asked by the public name."""
    parts = urlsplit(local_address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", HEALTH_PATH, headers={"Host": urlsplit(public_address).netloc})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
