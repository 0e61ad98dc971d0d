"""Measures an import while payments go on: `python -m scripts.measure_import --folder .run`.

Needs a running ./run with its demo people; the sandbox of the bank is filled, and the import undone in the end. The
file is the same each time: a quarter each of IP addresses, e-mails, CLABEs and domains. Payments come at a fixed pace,
whatever the server does; their times count from the moment at which they were due.
"""

import argparse
import gzip
import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ORGANIZATION = "banco"
CALLERS = 4
POLL_SECONDS = 1
MEGABYTE = 1024
SEED = 20261125


@dataclass
class Payments:
    """Assessments at a fixed pace, and how long each took."""

    host: str
    key: str
    per_second: float
    taken_ms: list[float] = field(default_factory=list)
    failures: int = 0

    def call(self, ended: threading.Event, offset: float, every: float) -> None:
        """Send one payment after the other on one connection until the end."""
        link = http.client.HTTPConnection(urlsplit(self.host).netloc, timeout=30)
        dice = random.Random(offset)  # noqa: S311  the same payments each time
        due = time.perf_counter() + offset
        while not ended.wait(max(due - time.perf_counter(), 0)):
            status = self._assess(link, dice)
            self.taken_ms.append((time.perf_counter() - due) * 1000)
            self.failures += status != http.client.OK
            due += every

    def _assess(self, link: http.client.HTTPConnection, dice: random.Random) -> int:
        body = {
            "amount": dice.randrange(10_000, 5_000_000),
            "amount_unit": "minor",
            "currency": "MXN",
            "email": f"cliente{dice.randrange(10**6)}@correo.example",
            "customer_id": f"c-{dice.randrange(10**6)}",
            "device": {"ip": f"198.51.{dice.randrange(256)}.{dice.randrange(256)}"},
        }
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        link.request("POST", "/api/v1/assess", json.dumps(body), headers)
        response = link.getresponse()
        response.read()
        return response.status

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Send payments while the block runs."""
        self.taken_ms, self.failures = [], 0
        ended, every = threading.Event(), CALLERS / self.per_second
        callers = [
            threading.Thread(target=self.call, args=(ended, place / self.per_second, every)) for place in range(CALLERS)
        ]
        for caller in callers:
            caller.start()
        try:
            yield
        finally:
            ended.set()
            for caller in callers:
                caller.join()

    def report(self, name: str) -> float:
        """Print a line and return the 99th percentile."""
        quantiles = statistics.quantiles(self.taken_ms, n=100)
        p50, p99 = quantiles[49], quantiles[98]
        print(
            f"{name:<16} {len(self.taken_ms):>6} payments  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms  failed {self.failures}"
        )
        return p99


class Person:
    """The bank's administrator, over the API."""

    def __init__(self, host: str, email: str, password: str) -> None:
        self.link = http.client.HTTPConnection(urlsplit(host).netloc, timeout=300)
        self.headers = {"Content-Type": "application/json"}
        token = self.call("POST", "/api/v1/auth/token", json.dumps({"email": email, "password": password}).encode())
        self.headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "text/plain"}

    def call(self, method: str, path: str, body: bytes = b"") -> Any:
        """Return the answer."""
        self.link.close()  # the server may have, meanwhile
        self.link.request(method, path, body, self.headers)
        response = self.link.getresponse()
        text = response.read()
        if response.status >= http.client.BAD_REQUEST:
            raise SystemExit(f"{method} {path} was answered with {response.status}: {text[:300]!r}")
        return json.loads(text)

    def wait(self, job: str) -> Any:
        """Wait for the job's end and return it."""
        while (found := self.call("GET", f"/api/v1/jobs/{job}"))["state"] in {"queued", "running"}:
            time.sleep(POLL_SECONDS)
        return found


class Memory(threading.Thread):
    """The most that any process of the worker ever held, in KiB."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.mark = f"CLAUSUM_WORKER_READY_FILE={folder.resolve() / 'worker.ready'}".encode()
        self.most, self.ended = 0, threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self.ended.wait(0.5):
            self.most = max([self.most, *(self._read(place) for place in Path("/proc").glob("[0-9]*"))])

    def _read(self, process: Path) -> int:
        try:
            if self.mark not in (process / "environ").read_bytes():
                return 0
            lines = (process / "status").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def make_file(rows: int, *, broken: bool) -> bytes:
    """Return that many rows, the same each time."""
    dice = random.Random(SEED)  # noqa: S311  the same file each time
    return b"".join(_make_row(place, dice, broken=broken) for place in range(rows))


def _make_row(place: int, dice: random.Random, *, broken: bool) -> bytes:
    number = dice.getrandbits(32)
    if broken:
        return b'nobody,"%d\n' % number
    match place % 4:
        case 0:
            return b"%d.%d.%d.%d\n" % (1 + number % 223, number >> 8 & 255, number >> 16 & 255, number >> 24)
        case 1:
            return b"user%d@mail%d.example\n" % (place, number % 100_000)
        case 2:
            return b"646180%011d4\n" % place
    return b"d%d.list%d.example\n" % (place, number % 1_000)


def main() -> int:
    """Print the figures, and return 1 when a promise is not kept."""
    options = _parse()
    demo = json.loads((options.folder / "demo.json").read_text(encoding="utf-8"))
    bank = next(each for each in demo["organizations"] if any(ORGANIZATION in user["email"] for user in each["users"]))
    admin = next(user for user in bank["users"] if user["role"] == "admin")
    person = Person(demo["base_url"], admin["email"], admin["password"])
    payments = Payments(demo["base_url"], bank["keys"]["secret"], options.per_second)
    file = make_file(options.rows, broken=options.broken)
    packed = gzip.compress(file, 6)
    print(f"{options.rows:,} rows, {len(file) / 1e6:.1f} MB, {len(packed) / 1e6:.1f} MB packed")
    with payments.going_on():
        time.sleep(options.idle)
    idle = payments.report("idle")
    job, seconds, most = _import(person, payments, packed, options.folder)
    busy = payments.report("during import")
    print(f"import {seconds:.1f} s, worker at most {most / MEGABYTE:.0f} MB, {job['state']} {job['result']}")
    print(f"p99 during / idle: {busy / idle:.2f}")
    if job["state"] == "done":
        _undo(person, payments, job["result"]["batch_id"])
    return 0 if options.broken or (seconds <= 120 and most <= 300 * MEGABYTE and busy <= 2 * idle) else 1


def _import(person: Person, payments: Payments, file: bytes, folder: Path) -> tuple[Any, float, int]:
    memory = Memory(folder)
    memory.start()
    with payments.going_on():
        began = time.perf_counter()
        accepted = person.call("POST", "/api/v1/blocklists/import?environment=sandbox&severity=review", file)
        print(f"uploaded in {time.perf_counter() - began:.1f} s")
        job = person.wait(accepted["job"])
        seconds = time.perf_counter() - began
    memory.ended.set()
    memory.join()
    return job, seconds, memory.most


def _undo(person: Person, payments: Payments, batch: str) -> None:
    with payments.going_on():
        began = time.perf_counter()
        job = person.wait(person.call("POST", f"/api/v1/blocklists/import/{batch}/undo")["job"])
        seconds = time.perf_counter() - began
    payments.report("during undo")
    print(f"undo {seconds:.1f} s, {job['state']} {job['result']}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".run"), help="where ./run keeps its data")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=50, help="payments a second")
    parser.add_argument("--idle", type=float, default=30, help="seconds of payments before the import")
    parser.add_argument("--broken", action="store_true", help="no row is valid, each has an open quotation mark")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
