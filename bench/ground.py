"""The ground of a run: a durable PostgreSQL of its own, and a fresh copy of each data set that is asked for."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

from bench.dataset.cast import Cast
from bench.dataset.filling import fill
from bench.dataset.sizes import Size
from bench.errors import BenchError
from bench.folder import BenchFolder, Made
from clausum.runner.clusters import remove_cluster
from clausum.runner.environment import EXPORTED, python_environment
from clausum.runner.folder import REPOSITORY
from clausum.runner.postgres import ROLE, EmbeddedPostgres
from core.clock import read_clock

VERSION = 1
"""Of what a data set holds: another number fills anew."""
_PEACE = ("ALTER SYSTEM SET max_wal_size = '8GB'", "ALTER SYSTEM SET autovacuum = off")
_NORMAL = ("ALTER SYSTEM RESET max_wal_size", "ALTER SYSTEM RESET autovacuum")
_RELOAD = "SELECT pg_reload_conf()"


@dataclass(frozen=True, slots=True)
class Place:
    """A database to be measured: a copy of a data set, how to reach it, and what to ask it with."""

    name: str
    size: Size
    made: Made
    url: str
    environment: Mapping[str, str]

    @property
    def cast(self) -> Cast:
        return self.made.cast


class Ground:
    """A running cluster and the data sets in it."""

    def __init__(self, folder: BenchFolder, server: EmbeddedPostgres, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.server = server
        self.say = say

    def settle(self, size: Size) -> Made:
        """Return the data set of that size, filled when it is not there, its schema brought up to date."""
        made = self.folder.find(size.database)
        if made is None or made.version != VERSION:
            made = self._make(size)
        elif made.migrations != _name_schema():
            self.say(f"{size.database}: the schema is brought up to date")
            self._call(size.database, "-m", "django", "migrate", "--verbosity", "0")
            self._call(size.database, "-m", "bench.inside", "bench.dataset.summing_up")
            made = msgspec.structs.replace(made, migrations=_name_schema())
            self.folder.note(size.database, made)
        return made

    def copy(self, name: str, size: Size) -> Place:
        """Return a fresh copy of the data set under that name: what a run adds is gone with the next one."""
        made = self.settle(size)
        started = time.monotonic()
        self._drop(name)
        copying = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY"
        self._administer(
            sql.SQL(copying).format(sql.Identifier(name), sql.Identifier(ROLE), sql.Identifier(size.database))
        )
        self.say(f"{name}: a copy of {size.database}, {time.monotonic() - started:.1f} s")
        return Place(name, size, made, self.server.url(name), self._environment(name))

    def remove(self, place: Place) -> None:
        """Drop a copy."""
        self._drop(place.name)

    def ask(self, statement: str, database: str = "postgres") -> object:
        """Return the one value that a statement of the superuser gives."""
        with psycopg.connect(self.server.superuser_url(database), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def _make(self, size: Size) -> Made:
        started, now = time.monotonic(), read_clock()
        self.say(f"{size.database}: {size.payments:,} payments and {size.entries:,} entries are made")
        self._drop(size.database)
        self._administer(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                sql.Identifier(size.database), sql.Identifier(ROLE)
            )
        )
        self._call(size.database, "-m", "django", "migrate", "--verbosity", "0")
        cast = msgspec.json.decode(self._call(size.database, "-m", "bench.inside", "bench.dataset.casting"), type=Cast)
        self._fill(size, cast)
        seconds = time.monotonic() - started
        made = Made(filled_at=now, seconds=seconds, version=VERSION, migrations=_name_schema(), cast=cast)
        self.folder.note(size.database, made)
        self.say(f"{size.database}: made in {seconds:.0f} s")
        return made

    def _fill(self, size: Size, cast: Cast) -> None:
        def say(what: str) -> None:
            self.say(f"{size.database}: {what}")

        with self._peace():
            url = self.server.url(size.database)
            fill(url, size=size, bank=cast.bank.tenant, merchant=cast.merchant.tenant, now=read_clock(), say=say)
            self._call(size.database, "-m", "bench.inside", "bench.dataset.summing_up")
        self._administer(sql.SQL("CHECKPOINT"))

    @contextmanager
    def _peace(self) -> Iterator[None]:
        """Keep checkpoints rare and autovacuum away while tables are filled."""
        for statement in (*_PEACE, _RELOAD):
            self._administer(sql.SQL(statement))
        try:
            yield
        finally:
            for statement in (*_NORMAL, _RELOAD):
                self._administer(sql.SQL(statement))

    def _drop(self, database: str) -> None:
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _administer(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.server.superuser_url(), autocommit=True) as connection:
            connection.execute(statement)

    def _environment(self, database: str) -> dict[str, str]:
        """Return the environment of a production server behind a proxy, on this database."""
        kept = {name: value for name, value in os.environ.items() if name not in EXPORTED}
        ours = {
            "CLAUSUM_MODE": "production",
            "SECRET_KEY": self.folder.secret("secret_key"),
            "API_KEY_PEPPER": self.folder.secret("api_key_pepper"),
            "DATABASE_URL": self.server.url(database),
            "CELERY_BROKER_URL": "memory://",
            "ALLOWED_HOSTS": "127.0.0.1",
            "BASE_URL": "http://127.0.0.1",
            "SECURE_SSL_REDIRECT": "false",
            "WEB_LOG_LEVEL": "warning",
        }
        return {**kept, **ours, **python_environment()}

    def _call(self, database: str, *arguments: str) -> bytes:
        """Run Python with the application's settings on that database and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self._environment(database),
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"{' '.join(arguments)} failed:\n{done.stderr.decode()[-3000:]}")
        return done.stdout


@contextmanager
def open_ground(root: Path, *, reset: bool, say: Callable[[str], None]) -> Iterator[Ground]:
    """Run the folder's cluster for as long as the block lasts; `reset` removes all data sets first."""
    folder = BenchFolder(root.absolute())
    with folder.locked():
        if reset:
            remove_cluster(folder.postgres)
            for note in folder.root.glob("base_*.json"):
                note.unlink()
        with EmbeddedPostgres(folder.postgres, log=folder.log("postgres")) as server:
            yield Ground(folder, server, say)


def _name_schema() -> str:
    """Return a digest of which migrations there are."""
    names = sorted(str(path.relative_to(REPOSITORY)) for path in REPOSITORY.glob("*/migrations/0*.py"))
    return sha256("\n".join(names).encode()).hexdigest()[:16]
