"""The benchmark's folder: its cluster, its secrets, and what is known of the data sets in it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from bench.dataset.cast import Cast
from bench.errors import BenchError
from clausum.runner.files import make_private_folder, read_or_make_secret, write_private


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A data set that is whole: when its past ends, how long the making took, on which schema, and whose it is."""

    filled_at: datetime
    seconds: float
    version: int
    migrations: str
    cast: Cast


@dataclass(frozen=True)
class BenchFolder:
    """The places inside the folder, which is open to its owner only."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def scripts(self) -> Path:
        return make_private_folder(self.root / "scripts")

    def log(self, name: str) -> Path:
        return make_private_folder(self.root / "log") / f"{name}.log"

    def secret(self, name: str) -> str:
        """Return a secret that stays the same from run to run: keys are checked with it."""
        return read_or_make_secret(self.root / name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process. Raises BenchError when another has it."""
        make_private_folder(self.root)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BenchError(f"another benchmark runs in {self.root}") from error
            yield

    def find(self, database: str) -> Made | None:
        """Return what is known of a data set, None unless it is whole."""
        try:
            return msgspec.json.decode((self.root / f"{database}.json").read_bytes(), type=Made)
        except (FileNotFoundError, msgspec.ValidationError):
            return None

    def note(self, database: str, made: Made) -> None:
        """Keep what is known of a data set."""
        write_private(self.root / f"{database}.json", msgspec.json.encode(made).decode() + "\n")
