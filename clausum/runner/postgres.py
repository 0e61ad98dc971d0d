"""The embedded PostgreSQL: a server of our own, on the loopback address, with passwords, from the bundled binaries."""

import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from clausum.runner.children import Child, ChildSpec, Step
from clausum.runner.clusters import (
    SUPERUSER,
    Cluster,
    check_data,
    make_data,
    open_cluster,
    recall,
    remember,
    remove_cluster,
)
from clausum.runner.errors import RunnerError
from clausum.runner.files import make_private_folder, read_or_make_secret
from clausum.runner.ports import LOOPBACK, find_free_port, is_free
from clausum.runner.postmasters import is_serving, read_postmaster, stop_stale_postmaster

ROLE = "clausum"
DATABASE = "clausum"
START_SECONDS = 120.0
POLL_SECONDS = 0.02
PORTS_TRIED = 5
FAST_SHUTDOWN = (Step(signal.SIGINT, 60), Step(signal.SIGQUIT, 30), Step(signal.SIGKILL, 5))
"""Fast shutdown, then immediate; the kill is for a server stuck for a minute and a half. Source: postgres(1)."""
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",  # a statement that fails holds what it would have written
    # A new file of the log is not written full of zeros before it is used: every commit waits for that, and a large
    # import needs a new one twice a second (docs/performance.md).
    "wal_init_zero": "off",
}
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
THROWAWAY_PREFIX = "clausum-postgres-"


class EmbeddedPostgres:
    """One server with its cluster, kept in `folder` (as root without user namespaces its data lie elsewhere).

    `durable=False` trades safety at a power cut for speed, and lets the role create databases: for tests only.
    """

    def __init__(self, folder: Path, *, log: Path | None = None, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.log = log or self.folder / "postgres.log"
        self.durable = durable
        self._child: Child | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def child(self) -> Child:
        """The server process. Raises RuntimeError before `start`."""
        if self._child is None:
            raise RuntimeError("the embedded PostgreSQL is not running")
        return self._child

    @property
    def port(self) -> int:
        """The TCP port, 0 before `start`."""
        return self._port

    def url(self, database: str = DATABASE) -> str:
        """Return the URL by which the application's role reaches a database; that role is no superuser."""
        return self._url(ROLE, database)

    def superuser_url(self, database: str = SUPERUSER) -> str:
        """Return the URL of the cluster's superuser, for repairs and backups."""
        return self._url(SUPERUSER, database)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@{LOOPBACK}:{self._port}/{database}"

    def _password(self, role: str) -> str:
        return read_or_make_secret(self.folder / f"{role}.password")

    def start(self) -> None:
        """Make the cluster on first use, start the server, and make the role and its database.

        Raises RunnerError with the reason when it cannot.
        """
        cluster = open_cluster(self.folder)
        stop_stale_postmaster(cluster.data)
        if not cluster.data.exists():
            make_data(cluster, password=self._password(SUPERUSER), durable=self.durable)
        check_data(cluster)
        try:
            self._start_server(cluster)
            self._make_role_and_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server in its fast way: clients are cut off, everything committed is safe."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _start_server(self, cluster: Cluster) -> None:
        """Start on the port of last time, or on a free one; again when another program was quicker to take it."""
        for _attempt in range(PORTS_TRIED):
            self._port = self._choose_port()
            self._child = Child(self._spec(cluster))
            if self._wait_until_ready(self._child, cluster):
                remember(self.folder, port=self._port)
                return
            if is_free(self._port):
                break
        raise RunnerError(f"PostgreSQL ended while it started; its log says:\n{self.child.last_words()}")

    def _choose_port(self) -> int:
        last = recall(self.folder, "port")
        return last if isinstance(last, int) and is_free(last) else find_free_port()

    def _spec(self, cluster: Cluster) -> ChildSpec:
        settings = {**SETTINGS, "port": str(self._port), **({} if self.durable else THROWAWAY_SETTINGS)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ChildSpec(
            name="PostgreSQL",
            command=[str(cluster.binaries.server), "-D", str(cluster.data), *options],
            log=self.log,
            folder=cluster.home,
            identity=cluster.identity,
            ending=FAST_SHUTDOWN,
            death_signal=signal.SIGINT,
            holds_data=True,
            is_well=lambda: is_serving(cluster.data),
        )

    def _wait_until_ready(self, child: Child, cluster: Cluster) -> bool:
        """Return True when the server takes connections, False when it ended. Raises RunnerError after two minutes."""
        deadline = time.monotonic() + START_SECONDS
        while child.is_running:
            seen = read_postmaster(cluster.data)
            if seen is not None and seen.pid == child.pid and seen.is_ready:
                return True
            if time.monotonic() > deadline:
                raise RunnerError(f"PostgreSQL was not ready after {START_SECONDS:.0f} seconds: see {self.log}.")
            time.sleep(POLL_SECONDS)
        return False

    def _make_role_and_database(self) -> None:
        if recall(self.folder, "provisioned"):
            return
        right = sql.SQL("NOCREATEDB" if self.durable else "CREATEDB")
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            for statement in (
                sql.SQL("DROP DATABASE IF EXISTS {}").format(database),
                sql.SQL("DROP ROLE IF EXISTS {}").format(role),
                sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(role, right, sql.Literal(self._password(ROLE))),
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, role),
            ):
                connection.execute(statement)
        remember(self.folder, provisioned=True)


@contextmanager
def throwaway_postgres(folder: Path | None = None) -> Iterator[EmbeddedPostgres]:
    """Run a server for tests, quick and unsafe at a power cut; its folder is removed afterwards.

    Without `folder` it is one of its own below the system's folder for temporary files.
    """
    _remove_abandoned()
    home = make_private_folder(folder) if folder else Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        server = EmbeddedPostgres(home / "cluster", durable=False)
        try:
            with server:
                yield server
        finally:
            remove_cluster(server.folder)
            shutil.rmtree(home, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove what killed test runs of this user left: their locks are free."""
    for home in Path(tempfile.gettempdir()).glob(f"{THROWAWAY_PREFIX}*"):
        if home.stat().st_uid != os.geteuid() or not (home / "lock").exists():
            continue
        with (home / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            remove_cluster(home / "cluster")
            shutil.rmtree(home, ignore_errors=True)
