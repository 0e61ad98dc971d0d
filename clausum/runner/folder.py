"""The folder `.run/`: everything that one clone's running system keeps."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clausum.runner.clusters import open_cluster, remove_cluster
from clausum.runner.errors import RunnerError
from clausum.runner.files import make_private_folder, read_or_make_secret
from clausum.runner.postmasters import stop_stale_postmaster

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RunFolder:
    """The places inside `.run/`; the folder is open to its owner only."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def demo(self) -> Path:
        return self.root / "demo.json"

    @property
    def exports(self) -> Path:
        return self.root / "env"

    @property
    def mails(self) -> Path:
        return self.root / "mail"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "celerybeat-schedule"

    @property
    def worker_ready(self) -> Path:
        return self.root / "worker.ready"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def log(self, name: str) -> Path:
        return make_private_folder(self.root / "log") / f"{name}.log"

    def secret(self, name: str) -> str:
        """Return a secret that stays the same from start to start."""
        return read_or_make_secret(self.root / name)

    def open(self) -> None:
        """Make the folder. Raises RunnerError where it cannot be written."""
        try:
            make_private_folder(self.root)
            self.lock.touch(mode=0o600)
        except OSError as error:
            raise RunnerError(f"Cannot write in {self.root} ({error.strerror}): is it another user's?") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process. Raises RunnerError, naming the other, when it is held already."""
        self.open()
        with self.lock.open("r+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunnerError(_describe_other(lock.read())) from error
            self.describe(address=None)
            yield

    def describe(self, *, address: str | None) -> None:
        """Note in the lock file who holds it, for the sentence that a second start reads."""
        self.lock.write_text(json.dumps({"pid": os.getpid(), "address": address}), encoding="utf-8")

    def clear(self) -> None:
        """Delete everything but the lock, which the caller must hold; a server left behind is stopped first."""
        if self.postgres.exists():
            stop_stale_postmaster(open_cluster(self.postgres).data)
            remove_cluster(self.postgres)
        for path in self.root.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != self.lock:
                path.unlink()


def _describe_other(note: str) -> str:
    try:
        other = json.loads(note)
        where = f" at {other['address']}" if other["address"] else ""
        return (
            f"Clausum already runs from this folder{where} (process {other['pid']}): "
            f"stop that one first, with Ctrl-C or `kill {other['pid']}`."
        )
    except (ValueError, KeyError, TypeError):
        return "Clausum already runs from this folder: stop that one first."
