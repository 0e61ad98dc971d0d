"""On what a run was measured."""

import os
import platform
from datetime import datetime
from pathlib import Path

import msgspec

from bench.ground import Ground
from core.clock import read_clock


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The machine, what ran on it, and when; `load` is the system's average of the last minute before the run."""

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    python: str
    postgres: str
    settings: dict[str, str]
    load: float
    at: datetime


_SHOWN = ("shared_buffers", "fsync", "synchronous_commit", "full_page_writes", "max_wal_size", "jit")


def describe_machine(ground: Ground) -> Machine:
    """Return what this run is measured on."""
    return Machine(
        processor=_read_processor(),
        cores=os.cpu_count() or 1,
        memory_gib=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgres=str(ground.ask("SHOW server_version")),
        settings={name: str(ground.ask(f"SHOW {name}")) for name in _SHOWN},
        load=os.getloadavg()[0],
        at=read_clock(),
    )


def _read_processor() -> str:
    """Return the processor's name, as Linux tells it, else as Python does."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
