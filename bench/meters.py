"""What a run costs: CPU of process trees from /proc, bytes of the write-ahead log, memory."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat after the name: proc(5).
_PARENT, _UTIME, _STIME, _CUTIME, _CSTIME = 1, 11, 12, 13, 14
_BACKEND = "postgres: clausum "


@dataclass(frozen=True, slots=True)
class Process:
    """A process as /proc tells it: CPU seconds of its own, and of children that it has outlived."""

    pid: int
    parent: int
    own_seconds: float
    reaped_seconds: float


def list_processes() -> list[Process]:
    """Return all processes of this machine that can be seen."""
    found = []
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                found.append(_read_process(int(folder.name)))
    return found


def _read_process(pid: int) -> Process:
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    own = (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS
    reaped = (int(fields[_CUTIME]) + int(fields[_CSTIME])) / _TICKS
    return Process(pid, int(fields[_PARENT]), own, reaped)


def list_tree(root: int) -> list[Process]:
    """Return the process and those below it."""
    everybody = list_processes()
    found = [process for process in everybody if process.pid == root]
    for process in found:
        found += [child for child in everybody if child.parent == process.pid]
    return found


def read_tree_seconds(root: int) -> float:
    """Return the CPU seconds of a process and all below it, those that have ended included."""
    return sum(process.own_seconds + process.reaped_seconds for process in list_tree(root))


def read_backend_seconds(postmaster: int, database: str) -> float:
    """Return the CPU seconds of the application's connections to a database."""
    return sum(process.own_seconds for process in list_tree(postmaster) if _is_backend(process.pid, database))


def _is_backend(pid: int, database: str) -> bool:
    try:
        title = (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return False
    return title.startswith(f"{_BACKEND}{database} ")


def read_memory_mib(pids: Iterable[int]) -> float:
    """Return the memory of the processes in MiB, what they share counted once (proportional set size)."""
    kib = 0
    for pid in pids:
        with suppress(OSError):
            lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
            kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """Meters at one moment, in seconds and bytes."""

    web: float
    backends: float
    postgres: float
    log_bytes: int


@dataclass(frozen=True, slots=True)
class Used:
    """What lay between two readings: CPU seconds of web processes, of connections, of PostgreSQL's own workers."""

    web: float
    backends: float
    background: float
    log_bytes: int


def subtract(after: Reading, before: Reading) -> Used:
    """Return what was used between the readings."""
    backends = after.backends - before.backends
    return Used(
        web=after.web - before.web,
        backends=backends,
        background=max(0.0, after.postgres - before.postgres - backends),
        log_bytes=after.log_bytes - before.log_bytes,
    )
