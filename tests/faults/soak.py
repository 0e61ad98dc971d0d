"""`python -m tests.faults.soak --minutes 30`: a steady load, and what connections, memory and open files do meanwhile."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.faults.clients import Crowd, working
from tests.faults.installation import Installation, list_children
from tests.faults.ledger import Findings, examine

SAMPLES = 60
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'clausum'"


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: seconds since the start, payments answered, database connections, memory in MiB (PSS), open files."""

    at: float
    answered: int
    connections: int
    web_mib: float
    worker_mib: float
    postgres_mib: float
    web_files: int


def _list_tree(pid: int) -> list[int]:
    return [pid, *(below for child in list_children(pid) for below in _list_tree(child))]


def measure_mib(pids: list[int]) -> float:
    """Return what the processes hold of the machine's memory, shared pages divided among those who share them."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def count_files(pids: list[int]) -> int:
    """Return how many descriptors the processes have open."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)  # noqa: PTH208  names are enough


def take_sample(one: Installation, crowd: Crowd, *, began: float) -> Sample:
    """Look at the installation now."""
    web = _list_tree(one.pid("web"))
    return Sample(
        at=time.monotonic() - began,
        answered=sum(payment.body is not None for payment in crowd.payments),
        connections=int(str(one.ask(CONNECTIONS)[0][0])),
        web_mib=measure_mib(web),
        worker_mib=measure_mib(_list_tree(one.pid("worker"))),
        postgres_mib=measure_mib(_list_tree(one.postgres.child.pid)),
        web_files=count_files(web),
    )


def soak(one: Installation, *, seconds: float, samples: int = SAMPLES) -> Iterator[tuple[Sample, Crowd]]:
    """Keep the cores at work for so long, and yield a sample now and then."""
    began = time.monotonic()
    with working(one.web_port, key=one.keys["counted"], name="soak:") as crowd:
        for number in range(1, samples + 1):
            time.sleep(max(began + number * seconds / samples - time.monotonic(), 0))
            yield take_sample(one, crowd, began=began), crowd


def describe_end(one: Installation, crowd: Crowd) -> Findings:
    """Return what the ledger says of the whole soak."""
    return examine(one.postgres.url(), name="soak:", payments=crowd.payments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    print("| seconds | answered | connections | web MiB | worker MiB | PostgreSQL MiB | web's open files |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="clausum-soak-") as folder, Installation(Path(folder)) as one:
        one.start_worker()
        for sample, crowd in soak(one, seconds=minutes * 60):  # noqa: B007  the last one is asked about
            print("| " + " | ".join(f"{value:.0f}" for value in astuple(sample)) + " |", flush=True)
        print(dict(crowd.earlier), describe_end(one, crowd), flush=True)


if __name__ == "__main__":
    main()
