"""A real web server of several processes on the test's database, and many callers at once."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Web:
    """A running server; `post` opens a connection of its own each time."""

    port: int
    master: "subprocess.Popen[bytes] | None" = None

    def list_workers(self) -> list[int]:
        """Return the numbers of the processes that serve."""
        pid = self.master.pid if self.master else 0
        return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def post(self, path: str, body: Any, *, key: str, **headers: str) -> Answer:
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._call("POST", path, json.dumps(body).encode(), sent)

    def call(self, method: str, path: str) -> Answer:
        """Make a call without a credential or a body."""
        return self._call(method, path, None, {})

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
            response = link.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            link.close()

    def post_many(self, calls: list[dict[str, Any]], *, at_once: int) -> list[Answer]:
        """Make all the calls, that many at a time; the answers in the calls' order."""
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda call: self.post(**call), calls))


def database_url() -> str:
    """Return the URL of the database that this test uses."""
    given = connection.settings_dict
    host = given["HOST"]
    place = f"{given['USER']}:{quote(given['PASSWORD'])}@127.0.0.1:{given['PORT']}/{given['NAME']}"
    if host.startswith("/"):
        place = f"{given['USER']}:{quote(given['PASSWORD'])}@/{given['NAME']}?host={host}&port={given['PORT']}"
    return f"postgresql://{place}"


def make_environment() -> dict[str, str]:
    """Return the variables of a process that serves this test's rows, with connections kept open as in production."""
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "API_KEY_PEPPER": settings.API_KEY_PEPPER}
    patient = {"WEB_QUEUE": "200"}  # a crowd is not refused unless a test is about that
    url = database_url()
    url += f"{'&' if '?' in url else '?'}connect_timeout=30"
    return {"DATABASE_URL": url, "CLAUSUM_MODE": "development"} | patient | secrets


@contextmanager
def running_web(
    *, workers: int = 3, threads: int = 8, application: str = "clausum.wsgi:application", **environment: str
) -> Iterator[Web]:
    """Serve the application from several processes until the block ends; prints their log when they do not start."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("-c", "python:clausum.runner.gunicorn_conf", "--workers", str(workers), "--threads", str(threads)),
        *("--log-level", "warning"),
    ]
    given = os.environ | make_environment() | environment
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would fill up and stop the server
        process = subprocess.Popen(command, env=given, stdout=log, stderr=log)
        try:
            _wait_until_served(Web(port), process, log)
            yield Web(port, process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_served(web: Web, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if web._call("GET", "/api/v1/health", None, {}).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    process.kill()
    log.seek(0)
    raise RuntimeError(log.read().decode()[-2000:] or "no answer")
