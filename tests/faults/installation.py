"""A whole installation that may be broken: a durable PostgreSQL, web processes, a worker, a Redis. Loopback only."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import psycopg

from clausum.runner.environment import broker_on, python_environment
from clausum.runner.ports import find_free_port
from clausum.runner.postgres import EmbeddedPostgres
from clausum.runner.postmasters import is_alive
from tests.web import Web

WORKERS, THREADS = 2, 4
START_SECONDS = 90.0


def wait_until(is_so: Callable[[], bool], *, seconds: float = START_SECONDS) -> None:
    """Return when it is so; raises TimeoutError."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)


def list_children(pid: int) -> list[int]:
    """Return the numbers of a process's children."""
    with suppress(FileNotFoundError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Installation:
    """Started by `with`; every part can be killed and started again."""

    def __init__(self, folder: Path, *, deadline_ms: int = 1000) -> None:
        self.folder = folder
        self.deadline_ms = deadline_ms
        self.postgres = EmbeddedPostgres(folder / "cluster")
        self.web_port, self.redis_port = find_free_port(), find_free_port()
        self.secrets = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "API_KEY_PEPPER")}
        self.keys: dict[str, str] = {}
        self.more: dict[str, str] = {}
        self._stack = ExitStack()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        with self._stack:
            self._stack.enter_context(self.postgres)
            self._stack.callback(self._end_all)
            self._call("-m", "clausum.runner.prepare")
            self.keys = json.loads(self._call("-m", "tests.faults.seed").splitlines()[-1])
            self.start_web()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def web(self) -> Web:
        return Web(self.web_port, self._running["web"])

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def environment(self) -> dict[str, str]:
        """Return what the processes get."""
        url = self.postgres.url()
        ours = {"CLAUSUM_MODE": "development", "DATABASE_URL": url, "CELERY_BROKER_URL": broker_on(url)}
        ours |= {"ASSESS_DEADLINE_MS": str(self.deadline_ms), "CACHE_URL": "", "WEB_LOG_LEVEL": "warning"}
        ours |= {"WEB_CONCURRENCY": str(WORKERS), "WEB_THREADS": str(THREADS)}
        return os.environ | ours | self.secrets | python_environment() | self.more

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def start(self, name: str, *command: str) -> int:
        """Start a process under a name, its output in a file of that name, and return its number."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)
        return self._running[name].pid

    def start_web(self, *, wait: bool = True) -> None:
        """Start the web server, and wait until it serves."""
        options = ("-c", "python:clausum.runner.gunicorn_conf", "--bind", f"127.0.0.1:{self.web_port}")
        self.start("web", sys.executable, "-m", "gunicorn", *options, "--preload", "clausum.wsgi:application")
        if wait:
            wait_until(self.is_served)

    def restart_web(self, **more: str) -> None:
        """Start the web server anew, with other variables."""
        self.end("web")
        self.more = more
        self.start_web()

    def is_served(self) -> bool:
        """Say whether some process answers."""
        with suppress(OSError):
            return self.web.call("GET", "/api/v1/health").status == 200
        return False

    def start_worker(self) -> None:
        """Start a Celery worker with its clock."""
        options = ["--beat", "--schedule", str(self.folder / "schedule"), "--concurrency", "1"]
        options += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        self.start("worker", sys.executable, "-m", "celery", "-A", "clausum", "worker", *options)

    def start_redis(self) -> None:
        """Start a Redis that keeps nothing."""
        binary = shutil.which("redis-server") or ""
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.folder))
        self.start("redis", binary, "--port", str(self.redis_port), *options)

    def kill(self, name: str) -> int:
        """Kill the process (not its children) and return its number."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        return process.pid

    def end(self, name: str) -> None:
        """Ask the process to end, and wait for it."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def _end_all(self) -> None:
        children = [child for process in self._running.values() for child in list_children(process.pid)]
        for name in list(self._running):
            self.end(name)
        for child in children:
            if is_alive(child):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def list_backends(self) -> list[int]:
        """Return the numbers of the server's processes that serve the application."""
        return [
            int(str(pid))
            for (pid,) in self.ask("SELECT pid FROM pg_stat_activity WHERE usename = 'clausum' ORDER BY pid")
        ]

    def list_postgres(self) -> list[int]:
        """Return the numbers of all the server's processes, its first one last."""
        first = self.postgres.child.pid
        return [*list_children(first), first]

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Run one statement as the superuser and return its rows."""
        url = self.postgres.superuser_url("clausum")
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(question.encode())
            return cursor.fetchall() if cursor.description else []
