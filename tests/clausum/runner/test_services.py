"""The processes of a running system."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from clausum.runner.folder import RunFolder
from clausum.runner.ports import LOOPBACK, find_free_port
from clausum.runner.services import READY_FILE, answers, preparation, web, worker


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / ".run")
    made.open()
    return made


@contextmanager
def health_server(status: int, hosts: list[str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(f"{self.path} {self.headers['Host']}")
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer((LOOPBACK, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "is_served"), [(200, True), (503, False), (302, False)])
def test_only_200_counts_as_served(status: int, is_served: bool) -> None:
    hosts: list[str] = []
    with health_server(status, hosts) as address:
        assert answers(address, public_address="https://clausum.bank.example") is is_served
    assert hosts == ["/api/v1/health clausum.bank.example"]


def test_a_silent_port_is_not_served() -> None:
    assert answers(f"http://{LOOPBACK}:{find_free_port()}", public_address="http://127.0.0.1") is False


def test_the_web_server_gets_the_listening_socket(folder: RunFolder) -> None:
    spec = web(folder, {"A": "b"}, listener=9, gate=7)
    assert spec.descriptors == (9, 7)
    assert spec.command[1:] == [
        "-m", "clausum.runner.held", "7", "gunicorn", "-c", "python:clausum.runner.gunicorn_conf", "--preload", "--bind", "fd://9",
        "clausum.wsgi:application",
    ]  # fmt: skip
    assert spec.environment == {"A": "b"}
    assert spec.log == folder.root / "log" / "web.log"


def test_the_worker_starts_anew_and_may_finish_its_tasks(folder: RunFolder) -> None:
    folder.worker_ready.touch()
    spec = worker(folder, {"A": "b"}, gate=7)
    assert folder.worker_ready.exists() is False
    assert spec.environment == {"A": "b", READY_FILE: str(folder.worker_ready)}
    assert [step.signal for step in spec.ending] == [signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL]
    assert spec.death_signal == signal.SIGKILL
    assert spec.command[1:8] == ["-m", "clausum.runner.held", "7", "celery", "-A", "clausum", "worker"]
    assert spec.descriptors == (7,)
    assert str(folder.beat_schedule) in spec.command


@pytest.mark.parametrize("with_demo", [True, False])
def test_the_demo_is_made_when_it_is_wished(folder: RunFolder, with_demo: bool) -> None:
    spec = preparation(folder, {}, with_demo=with_demo)
    expected = ["-m", "clausum.runner.prepare", *(["--demo", str(folder.demo)] if with_demo else [])]
    assert spec.command[1:] == expected
