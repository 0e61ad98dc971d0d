"""Web servers under test: gunicorn with the project's own configuration, as in production."""

import http.client
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError
from bench.ground import Place
from bench.meters import list_tree
from clausum.runner.children import Child, ChildSpec
from clausum.runner.folder import REPOSITORY
from clausum.runner.ports import LOOPBACK, find_free_port

APPLICATION = "clausum.wsgi:application"
FLOOR = "bench.floor.wsgi:application"
START_SECONDS = 90.0
FOLLOW = "follow"
_HEALTH = "/api/v1/health"


@dataclass(frozen=True, slots=True)
class Server:
    """A web server that answers."""

    name: str
    port: int
    pid: int
    place: Place

    def list_pids(self) -> list[int]:
        """Return the processes of the server."""
        return [process.pid for process in list_tree(self.pid)]


def count_workers(environment: Mapping[str, str]) -> int:
    """Return how many processes gunicorn will run: what `clausum.runner.gunicorn_conf` says."""
    return int(environment.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))


@contextmanager
def serve(place: Place, *, name: str, application: str, log: Path, **variables: str) -> Iterator[Server]:
    """Serve the WSGI application on the place's database until the block ends. Raises BenchError when it cannot."""
    port = find_free_port()
    environment = {**place.environment, **variables}
    options = ["-c", "python:clausum.runner.gunicorn_conf", "--bind", f"{LOOPBACK}:{port}", application]
    command = [sys.executable, "-m", "gunicorn", *options]
    child = Child(ChildSpec(name=name, command=command, log=log, environment=environment, folder=REPOSITORY))
    try:
        _wait(child, port, count_workers(environment))
        yield Server(name, port, child.pid, place)
    finally:
        child.stop()


@contextmanager
def followed(place: Place, *, name: str, log: Path) -> Iterator[None]:
    """Keep what the application sums up up to date, as its worker does, until the block ends."""
    command = [sys.executable, "-m", "bench.inside", "bench.dataset.summing_up", FOLLOW]
    child = Child(ChildSpec(name=name, command=command, log=log, environment=place.environment, folder=REPOSITORY))
    try:
        yield
    finally:
        child.stop()


def _wait(child: Child, port: int, workers: int) -> None:
    """Wait until the server answers and all its workers have been started."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.is_running:
        if answers(port) and len(list_tree(child.pid)) > workers:
            return
        time.sleep(0.05)
    raise BenchError(f"{child.name} does not answer; its log says:\n{child.last_words()}")


def answers(port: int) -> bool:
    """Return whether the health address answers 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", _HEALTH)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
