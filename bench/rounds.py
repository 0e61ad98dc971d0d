"""Runs rounds of load against servers, in turns, and reads the meters before and after each."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import msgspec

from bench.errors import BenchError
from bench.figures import Round
from bench.ground import Ground
from bench.load.jobs import Job, Told
from bench.load.payloads import GAP
from bench.meters import Reading, read_backend_seconds, read_tree_seconds, subtract
from bench.servers import Server
from clausum.runner.folder import REPOSITORY

_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
_GRACE_SECONDS = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What one kind of round does: to which server, with which calls, how long and how fast."""

    server: Server
    requests: Sequence[bytes]
    connections: int
    seconds: float
    calls: int | None = None
    rate: float | None = None

    def shorter(self, seconds: float) -> "Track":
        """Return the same for so many seconds."""
        return replace(self, seconds=seconds)


class Meterer:
    """Runs rounds; each has an order and moments of calls of its own."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._seed = 0

    def take_turns(self, tracks: Sequence[Track], rounds: int) -> list[list[Round]]:
        """Return the rounds of each track, which took turns: A, B, C, A, B, C, …"""
        taken: list[list[Round]] = [[] for _ in tracks]
        for _ in range(rounds):
            for track, found in zip(tracks, taken, strict=True):
                found.append(self.run(track))
        return taken

    def run(self, track: Track, *, beside: Track | None = None) -> Round:
        """Return one round; `beside` is load that runs at the same time, whose answers are not looked at."""
        self._seed += 1
        with self._beside(beside):
            before = self._read(track.server)
            told = self._load(track, self._seed)
            after = self._read(track.server, is_last=True)
        return Round(told=told, used=subtract(after, before))

    def warm_up(self, track: Track) -> None:
        """Ask until plans are made and caches are filled."""
        self.run(track)

    @contextmanager
    def _beside(self, track: Track | None) -> Iterator[None]:
        if track is None:
            yield
            return
        process = _start(_make_job(track, self._seed + 1_000_000))
        time.sleep(0.3)
        try:
            yield
        finally:
            process.communicate(timeout=track.seconds + _GRACE_SECONDS)

    def _load(self, track: Track, seed: int) -> Told:
        process = _start(_make_job(track, seed))
        output, errors = process.communicate(timeout=track.seconds + _GRACE_SECONDS)
        if process.returncode != 0:
            raise BenchError(f"the load client failed:\n{errors.decode()[-2000:]}")
        return msgspec.msgpack.decode(output, type=Told)

    def _read(self, server: Server, *, is_last: bool = False) -> Reading:
        """Read the meters; the question about the log has a cost of its own, which is kept out of the round."""
        written = 0 if is_last else self._ask_written()
        postmaster = self.ground.server.child.pid
        reading = Reading(
            web=read_tree_seconds(server.pid),
            backends=read_backend_seconds(postmaster, server.place.name),
            postgres=read_tree_seconds(postmaster),
            log_bytes=written,
        )
        return replace(reading, log_bytes=self._ask_written()) if is_last else reading

    def _ask_written(self) -> int:
        return int(str(self.ground.ask(_WRITTEN)))


def _make_job(track: Track, seed: int) -> bytes:
    job = Job(
        port=track.server.port,
        requests=list(track.requests),
        gap=GAP.encode(),
        connections=track.connections,
        seconds=track.seconds,
        calls=track.calls,
        rate=track.rate,
        seed=seed,
    )
    return msgspec.msgpack.encode(job)


def _start(job: bytes) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.load.client"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=REPOSITORY)
    if process.stdin is not None:
        process.stdin.write(job)
        process.stdin.close()
        process.stdin = None
    return process
